package io.runnel.exec.http;

import io.runnel.exec.task.ByteSize;

import java.util.regex.Pattern;

/**
 * The paths by which AWS Lambda's functions are made, changed and looked at; calls of functions
 * have others. Pure.
 */
public final class LambdaControl {
    /** The most that a request brings: the largest module, in Base64, and what is said of it. */
    public static final ByteSize MOST_BODY = ByteSize.ofMiB(48);

    private static final Pattern PATH =
            Pattern.compile(
                    "/20[0-9]{2}-[0-9]{2}-[0-9]{2}/"
                            + "(?:functions|account-settings|event-source-mappings|layers|tags"
                            + "|code-signing-configs)(?:/.*)?");
    private static final Pattern CALL =
            Pattern.compile(".*/(?:invocations|response-streaming-invocations)");

    private LambdaControl() {}

    /** Whether a path is one of these. */
    public static boolean handles(String path) {
        return path.startsWith("/20")
                && PATH.matcher(path).matches()
                && !CALL.matcher(path).matches();
    }
}
