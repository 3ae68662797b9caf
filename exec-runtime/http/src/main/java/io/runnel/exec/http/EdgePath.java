package io.runnel.exec.http;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.http.HttpMethod;

import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the paths of the edge. Nothing is decoded and nothing is resolved before the target is
 * known: names of accounts and tasks are labels, so that whatever is encoded there is no name; and
 * what follows them is the task's own.
 */
public final class EdgePath {
    /** As for a whole request line. */
    static final int MOST_CHARACTERS = 8 * 1024;

    private static final Optional<Qualifier> NO_QUALIFIER = Optional.of(Qualifier.NONE);
    private static final String TASKS = "/fn/";
    private static final String APIS = "/api/";
    private static final String INVOKE = "/2015-03-31/functions/";
    private static final String INVOCATIONS = "/invocations";
    private static final String STREAM = "/2021-11-15/functions/";
    private static final String STREAMS = "/response-streaming-invocations";
    private static final EdgeTarget UNKNOWN = new EdgeTarget.Unknown();
    private static final EdgeTarget MALFORMED = new EdgeTarget.Malformed();
    private static final EdgeTarget TOO_LONG = new EdgeTarget.TooLong();
    private static final EdgeTarget HEALTH = new EdgeTarget.Health();
    private static final EdgeTarget READY = new EdgeTarget.Ready();
    private static final EdgeTarget KEYS = new EdgeTarget.Keys();

    private static final EdgeTarget NONCE = new EdgeTarget.Nonce();

    private EdgePath() {}

    /**
     * What a path asks for.
     *
     * @param path as it came, without the query
     */
    public static EdgeTarget parse(HttpMethod method, String path) {
        if (path.length() > MOST_CHARACTERS) {
            return TOO_LONG;
        }
        if (path.startsWith(TASKS)) {
            return named(path, TASKS.length(), EdgeTarget.TaskCall::new);
        }
        if (path.startsWith(APIS)) {
            return named(path, APIS.length(), EdgeTarget.ApiCall::new);
        }
        if (path.startsWith(INVOKE)) {
            return invoke(method, path, INVOKE, INVOCATIONS, EdgeTarget.Invoke::new);
        }
        if (path.startsWith(STREAM)) {
            return invoke(method, path, STREAM, STREAMS, EdgeTarget.InvokeStream::new);
        }
        return switch (path) {
            case "/_runnel/health" -> HEALTH;
            case "/_runnel/ready" -> READY;
            case "/_runnel/jwks.json" -> HttpMethod.GET.equals(method) ? KEYS : UNKNOWN;
            case "/_runnel/nonce" -> HttpMethod.GET.equals(method) ? NONCE : UNKNOWN;
            default -> path.startsWith("/") && UrlPath.isClean(path) ? UNKNOWN : MALFORMED;
        };
    }

    /**
     * What a path asks for of a host that is an API's name: a route, but for the node's own paths.
     *
     * @param path as it came, without the query
     * @param byPath what it would ask for of any other host
     */
    public static EdgeTarget ofHost(TaskRef api, String path, EdgeTarget byPath) {
        return switch (byPath) {
            case EdgeTarget.TooLong _,
                    EdgeTarget.Malformed _,
                    EdgeTarget.Health _,
                    EdgeTarget.Ready _,
                    EdgeTarget.Keys _,
                    EdgeTarget.Nonce _ ->
                    byPath;
            case EdgeTarget.TaskCall _,
                    EdgeTarget.ApiCall _,
                    EdgeTarget.Invoke _,
                    EdgeTarget.InvokeStream _,
                    EdgeTarget.Unknown _ ->
                    UrlPath.isClean(path)
                            ? new EdgeTarget.ApiCall(api, Qualifier.NONE, path)
                            : MALFORMED;
        };
    }

    /** What a name leads to. */
    private interface Named {
        EdgeTarget target(TaskRef name, Qualifier version, String rest);
    }

    private static EdgeTarget named(String path, int start, Named target) {
        int endOfAccount = path.indexOf('/', start);
        if (endOfAccount < 0) {
            return UNKNOWN;
        }
        int slash = path.indexOf('/', endOfAccount + 1);
        int endOfTask = slash < 0 ? path.length() : slash;
        String account = path.substring(start, endOfAccount);
        int at = path.lastIndexOf('@', endOfTask - 1);
        boolean isQualified = at > endOfAccount;
        String task = path.substring(endOfAccount + 1, isQualified ? at : endOfTask);
        Optional<Qualifier> named =
                isQualified ? Qualifier.parse(path.substring(at + 1, endOfTask)) : NO_QUALIFIER;
        if (!AccountId.isValid(account) || !TaskName.isValid(task) || named.isEmpty()) {
            return UNKNOWN;
        }
        String rest = path.substring(endOfTask);
        if (!UrlPath.isClean(rest)) {
            return MALFORMED;
        }
        return target.target(TaskRef.of(account, task), named.get(), rest);
    }

    /** SDKs encode the colons of a function's name: this one part is decoded, into labels only. */
    private static EdgeTarget invoke(
            HttpMethod method,
            String path,
            String before,
            String after,
            Function<FunctionName, EdgeTarget> target) {
        int end = path.indexOf('/', before.length());
        if (!HttpMethod.POST.equals(method) || end < 0 || !path.substring(end).equals(after)) {
            return UNKNOWN;
        }
        return FunctionName.inPath(path.substring(before.length(), end))
                .map(target)
                .orElse(UNKNOWN);
    }
}
