package io.runnel.region.server.control;

import io.runnel.exec.http.LambdaControl;
import io.runnel.routing.catalog.KeyScope;
import io.vertx.core.http.HttpMethod;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One thing that can be asked for.
 *
 * @param template the path, with names in braces for what varies: {@code /v1/tasks/{task}}
 */
record Route(
        HttpMethod method, String template, Who who, Where where, Body body, Operation operation) {

    /** Which segment of a path says what it is about. */
    private static final int FIRST_NAME = 2;

    private static final Map<String, KeyScope> SCOPES =
            Map.of(
                    "tasks", KeyScope.DEPLOY,
                    "blobs", KeyScope.DEPLOY,
                    "aliases", KeyScope.DEPLOY,
                    "schedules", KeyScope.DEPLOY,
                    "apis", KeyScope.DEPLOY,
                    "grants", KeyScope.DEPLOY);

    /** About what tells nobody anything of an account, so that any key will do. */
    private static final Set<String> ANY_KEY = Set.of("nodes", "changes", "attest");

    /** Who may ask. */
    enum Who {
        /** Anyone, without a key. */
        ANYONE,
        /** Who shows a key; of its own account, or an administrator's. */
        KEY,
        /** Who shows an administrator's key. */
        ADMIN
    }

    /** Where it is done; elsewhere it is relayed to there. */
    enum Where {
        /** In any region, from what it knows: nothing is changed by it. */
        HERE,
        /** In the home region of the account that it is about. */
        HOME,
        /** The same, also while the account is on its way elsewhere. */
        LEAVING,
        /** In the home region of the account that the path names as {@code owner}. */
        OWNER,
        /** In the region that the path names. */
        NAMED,
        /** In the region where account names are made. */
        REGISTRY
    }

    /** What the request brings. */
    enum Body {
        /** Nothing that is read. */
        NONE,
        /** A JSON object. */
        JSON,
        /** One of which a field is a document, as {@link DocumentBody} reads it. */
        DOCUMENT,
        /** Bytes that the operation reads itself. */
        STREAM,
        /** What is received into a file first. */
        FILE
    }

    /** What is done, on the request's event loop; must not block. */
    @FunctionalInterface
    interface Operation {
        CompletionStage<? extends Reply> run(Call call);
    }

    /** What stands for the names in braces, if the path is of this route. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> wanted = segments(template);
        if (wanted.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i);
            if (name.startsWith("{") && !segments.get(i).isEmpty()) {
                values.put(name.substring(1, name.length() - 1), segments.get(i));
            } else if (!name.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    /** What a key has to be for; empty where any will do, or none is needed. */
    Optional<KeyScope> scope() {
        if (isLambda()) {
            return Optional.of(KeyScope.DEPLOY);
        }
        String about = segments(template).get(FIRST_NAME);
        if (who == Who.ANYONE || (who == Who.KEY && ANY_KEY.contains(about))) {
            return Optional.empty();
        }
        return Optional.of(
                who == Who.ADMIN ? KeyScope.ADMIN : SCOPES.getOrDefault(about, KeyScope.ADMIN));
    }

    /** Whether it is of AWS Lambda's API. */
    boolean isLambda() {
        return LambdaControl.handles(template);
    }

    /** Whether it changes something; what is too large for a URL is asked by POST. */
    boolean isWrite() {
        return where != Where.HERE
                && !method.equals(HttpMethod.GET)
                && !method.equals(HttpMethod.HEAD);
    }
}
