package io.runnel.exec.http;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Task;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A request as the environment of a CGI program (RFC 3875), with what WAGI adds. Pure. */
final class CgiRequest {
    private static final String HEADER_PREFIX = "HTTP_";

    /** So many are there room for, beside the owner's. */
    static final int USUAL_VARIABLES = 40;

    private CgiRequest() {}

    /**
     * The environment: the task's own variables, then the request's, which win. Empty if the path
     * has no certain meaning: {@link UrlPath#decode}.
     *
     * @param length of the body, if known
     */
    static Optional<Map<String, String>> environment(
            RequestView request, CallFacts facts, OptionalLong length) {
        Optional<String> pathInfo = UrlPath.decode(facts.rest());
        if (pathInfo.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> env = facts.variables();
        putHeaders(env, HeaderRules.forGuest(request.headers()));
        putRequest(env, request, facts, pathInfo.get());
        length.ifPresent(bytes -> env.put("CONTENT_LENGTH", Long.toString(bytes)));
        putCaller(env, facts.caller());
        putCall(env, request.id(), facts.task());
        return Optional.of(env);
    }

    /**
     * Names with an underscore or another character that would fall together with a dash are
     * dropped, as other servers do: else {@code X_Real-IP} could pose as {@code X-Real-IP}.
     */
    private static void putHeaders(Map<String, String> env, Map<String, String> headers) {
        headers.forEach(
                (name, value) -> {
                    switch (name) {
                        case "content-type" -> env.put("CONTENT_TYPE", value);
                        case "content-length", "expect" -> {}
                        default -> putHeader(env, name, value);
                    }
                });
    }

    private static void putHeader(Map<String, String> env, String name, String value) {
        char[] variable = new char[HEADER_PREFIX.length() + name.length()];
        HEADER_PREFIX.getChars(0, HEADER_PREFIX.length(), variable, 0);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            char up = (char) (c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c == '-' ? '_' : c);
            if (c != '-' && !(up >= 'A' && up <= 'Z') && !(up >= '0' && up <= '9')) {
                return;
            }
            variable[HEADER_PREFIX.length() + i] = up;
        }
        env.put(new String(variable), value);
    }

    private static void putRequest(
            Map<String, String> env, RequestView request, CallFacts facts, String pathInfo) {
        Origin origin = facts.origin();
        String script = script(request.path(), facts);
        env.put("GATEWAY_INTERFACE", "CGI/1.1");
        env.put("SERVER_SOFTWARE", "Runnel");
        env.put("SERVER_PROTOCOL", request.protocol());
        env.put("HTTP_HOST", origin.authority());
        env.put("SERVER_NAME", origin.host());
        env.put("SERVER_PORT", Integer.toString(origin.port()));
        env.put("REMOTE_ADDR", origin.client());
        env.put("REMOTE_HOST", origin.client());
        env.put("REQUEST_METHOD", request.method());
        env.put("QUERY_STRING", request.query());
        env.put("SCRIPT_NAME", script);
        env.put("PATH_INFO", pathInfo);
        env.put("X_RAW_PATH_INFO", facts.rest());
        env.put("X_MATCHED_ROUTE", script + facts.route().map(CgiRequest::template).orElse("/..."));
        env.put("X_FULL_URL", fullUrl(request, facts));
    }

    private static String template(RouteFacts route) {
        return route.key().substring(route.key().indexOf('/'));
    }

    /** The task or the API as the caller named it: with its version, where that was named. */
    private static String script(String path, CallFacts facts) {
        boolean isNamed = path.startsWith("/fn/") || facts.route().isPresent();
        return isNamed && path.endsWith(facts.rest())
                ? path.substring(0, path.length() - facts.rest().length())
                : "/fn/" + facts.task().ref();
    }

    private static String fullUrl(RequestView request, CallFacts facts) {
        Origin origin = facts.origin();
        String url = origin.scheme() + "://" + origin.authority() + request.path();
        return request.query().isEmpty() ? url : url + "?" + request.query();
    }

    private static void putCaller(Map<String, String> env, Caller caller) {
        switch (caller) {
            case Caller.Anonymous nobody -> {
                env.remove("AUTH_TYPE");
                env.remove("REMOTE_USER");
            }
            case Caller.Keyed keyed -> {
                env.put("AUTH_TYPE", "Bearer");
                env.put("REMOTE_USER", keyed.account().value());
            }
        }
    }

    /** The environment of a guest that gets no request, only a payload. */
    static Map<String, String> ofCall(RequestId id, CallFacts facts) {
        Map<String, String> env = facts.variables();
        putCall(env, id, facts.task());
        return env;
    }

    private static void putCall(Map<String, String> env, RequestId id, Task task) {
        env.put("RUNNEL_REQUEST_ID", id.value());
        env.put("RUNNEL_ACCOUNT", task.ref().account().value());
        env.put("RUNNEL_TASK", task.ref().name().value());
        env.put("RUNNEL_TASK_VERSION", Integer.toString(task.version()));
    }
}
