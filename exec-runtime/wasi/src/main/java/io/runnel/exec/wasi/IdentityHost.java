package io.runnel.exec.wasi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The host {@value #NAME}, which is in no network: a guest that asks it by HTTP is given a document
 * of who itself is, as by {@link RunnelFunction#IDENTITY_DOCUMENT}. It must say by a header that it
 * means to: who only has it get a URL does not speak in its name. Of the request audience and nonce
 * are read and nothing else.
 */
final class IdentityHost {
    private static final String NAME = "identity.local";
    private static final int PORT = 80;
    private static final String MEANT = "Runnel-Identity";
    private static final Set<String> PATHS = Set.of("/", "/jwt");
    private static final OutboundHeader ALLOW = new OutboundHeader("Allow", "GET");

    private IdentityHost() {}

    /** Whether this is where the request goes: by plain HTTP, at its usual port, and no other. */
    static boolean isMeant(OutboundUrl url) {
        return !url.secure() && url.port() == PORT && url.host().equals(NAME);
    }

    /** What it answers. */
    static OutboundAnswer answer(OutboundRequest request, GuestTerms.Self self) {
        if (request.headers().stream().noneMatch(IdentityHost::saysSo)) {
            return text(403, "send the header %s: true".formatted(MEANT));
        }
        String target = request.url().target();
        int query = target.indexOf('?');
        if (!PATHS.contains(query < 0 ? target : target.substring(0, query))) {
            return text(404, "ask for / or /jwt");
        }
        if (!request.method().equals("GET")) {
            return new WrittenAnswer(405, List.of(ALLOW), "ask by GET");
        }
        try {
            return document(query < 0 ? "" : target.substring(query + 1), self);
        } catch (IllegalArgumentException e) {
            return text(
                    400,
                    "audience is 1 to 256 printable characters without spaces, nonce 1 to 128 of"
                            + " A-Z a-z 0-9 . _ ~ -; each once");
        }
    }

    private static boolean saysSo(OutboundHeader header) {
        return header.name().equalsIgnoreCase(MEANT) && header.value().equals("true");
    }

    private static OutboundAnswer document(String query, GuestTerms.Self self) {
        Optional<String> document = self.document(value(query, "audience"), value(query, "nonce"));
        return document.<OutboundAnswer>map(
                        jwt ->
                                new WrittenAnswer(
                                        200,
                                        List.of(
                                                new OutboundHeader(
                                                        "Content-Type", "application/jwt"),
                                                new OutboundHeader("Cache-Control", "no-store")),
                                        jwt))
                .orElseGet(() -> text(503, "no authority has certified this node"));
    }

    private static OutboundAnswer text(int status, String why) {
        return new WrittenAnswer(
                status,
                List.of(new OutboundHeader("Content-Type", "text/plain; charset=utf-8")),
                why + "\n");
    }

    /**
     * The value of a parameter; empty if it is not there.
     *
     * @throws IllegalArgumentException if it is there twice, says nothing, or is not well encoded
     */
    private static String value(String query, String name) {
        Optional<String> found = Optional.empty();
        for (String field : query.split("&", -1)) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? field : field.substring(0, equals);
            if (!decoded(key).equals(name)) {
                continue;
            }
            String value = equals < 0 ? "" : decoded(field.substring(equals + 1));
            if (found.isPresent() || value.isEmpty()) {
                throw new IllegalArgumentException(name + " must be given once, with a value");
            }
            found = Optional.of(value);
        }
        return found.orElse("");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
