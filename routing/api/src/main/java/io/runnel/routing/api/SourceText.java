package io.runnel.routing.api;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a document writes where a parameter's value comes from. Pure. */
final class SourceText {
    private static final Pattern QUERY = Pattern.compile("[^{}\\p{Cntrl}]{1,64}");
    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "cookie", "proxy-authorization", "x-amz-security-token");
    private static final String OF_THE_NETWORK = "runnel-";

    private SourceText() {}

    static ParameterSource parse(String text) {
        if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
            return new ParameterSource.Fixed(text);
        }
        int dot = text.indexOf('.');
        boolean whole = text.startsWith("{") && text.endsWith("}") && dot > 0;
        String name = whole ? text.substring(dot + 1, text.length() - 1) : "";
        String kind = whole ? text.substring(1, dot) : "";
        return switch (kind) {
            case "path" -> new ParameterSource.OfPath(path(name));
            case "query" -> new ParameterSource.OfQuery(query(name));
            case "header" -> new ParameterSource.OfHeader(header(name));
            default ->
                    throw new IllegalArgumentException(
                            "a text with braces must be {path.NAME}, {query.NAME} or"
                                    + " {header.NAME} as a whole");
        };
    }

    private static String path(String name) {
        if (!RouteTemplate.isParameter(name)) {
            throw new IllegalArgumentException("{path.NAME} must name a parameter of the path");
        }
        return name;
    }

    private static String query(String name) {
        if (!QUERY.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "{query.NAME} must have a name of 1 to 64 characters, no braces and none of"
                            + " control");
        }
        return name;
    }

    private static String header(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!HeaderName.isOne(lower)) {
            throw new IllegalArgumentException("{header.NAME} must have a header's name");
        }
        if (CREDENTIALS.contains(lower) || lower.startsWith(OF_THE_NETWORK)) {
            throw new IllegalArgumentException(
                    "the header %s carries credentials or is the network's own: it is no source"
                            .formatted(lower));
        }
        return lower;
    }
}
