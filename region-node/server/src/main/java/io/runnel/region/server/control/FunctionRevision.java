package io.runnel.region.server.control;

import java.util.Map;

/** The revision of a function or alias in AWS Lambda's API: an ETag without its quotes. Pure. */
final class FunctionRevision {
    static final String FIELD = "RevisionId";

    private FunctionRevision() {}

    /** That of what has this ETag. */
    static String of(String tag) {
        return tag.replace("\"", "");
    }

    /** That something is as it was when its caller looked at it, where the request says so. */
    static Map<String, String> condition(JsonBody said) {
        return said.has(FIELD) ? Map.of("If-Match", "\"" + said.text(FIELD) + "\"") : Map.of();
    }
}
