package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads documents that may come from anybody. Each field has one form; there are no others. */
final class DocumentReader {
    private static final Set<String> FIELDS =
            Set.of(
                    "schema",
                    "serial",
                    "issuer",
                    "kind",
                    "event",
                    "issuedAt",
                    "notAfter",
                    "audience",
                    "nonce",
                    "subject",
                    "withheld");
    private static final Pattern SERIAL = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final Pattern HASH = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int TIME_LENGTH = "2026-11-28T12:00:00Z".length();

    private DocumentReader() {}

    /** What the text says; nothing of it is true for that. */
    static Verdict<IdentityDocument> read(byte[] text) {
        return switch (CanonicalJson.read(text)) {
            case Verdict.Rejected<JsonNode>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<JsonNode>(JsonNode tree) -> document(tree);
        };
    }

    /** What a tree says. */
    static Verdict<IdentityDocument> document(JsonNode tree) {
        if (!tree.path("schema").asText().equals(IdentityDocument.SCHEMA)) {
            return Verdict.rejected(Reason.UNKNOWN_SCHEMA, tree.path("schema").toString());
        }
        for (var field : tree.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                return Verdict.rejected(Reason.MALFORMED, "no such field: " + field.getKey());
            }
        }
        try {
            return Verdict.trusted(
                    new IdentityDocument(
                            match("serial", text(tree, "serial"), SERIAL),
                            known("issuer", Identity.parse(text(tree, "issuer"))),
                            known("kind", Kind.ofLabel(text(tree, "kind"))),
                            known("event", Event.ofLabel(text(tree, "event"))),
                            time(tree, "issuedAt"),
                            time(tree, "notAfter"),
                            new Asked(given(tree, "audience"), given(tree, "nonce")),
                            subject(tree.path("subject")),
                            hashes(tree)));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Verdict.rejected(Reason.MALFORMED, e.getMessage());
        }
    }

    private static String text(JsonNode tree, String name) {
        JsonNode value = tree.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " must be a text");
        }
        return value.textValue();
    }

    private static Optional<String> given(JsonNode tree, String name) {
        return tree.has(name) ? Optional.of(text(tree, name)) : Optional.empty();
    }

    private static String match(String name, String value, Pattern form) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException(name + " is not of its form");
        }
        return value;
    }

    private static <T> T known(String name, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalArgumentException(name + " is not known"));
    }

    private static Instant time(JsonNode tree, String name) {
        String text = text(tree, name);
        Instant time = Instant.parse(text);
        if (text.length() != TIME_LENGTH || !time.toString().equals(text)) {
            throw new IllegalArgumentException(name + " must be in UTC and whole seconds");
        }
        return time;
    }

    private static ObjectNode subject(JsonNode subject) {
        if (!(subject instanceof ObjectNode facts)
                || !facts.path(IdentityDocument.NODE).isTextual()) {
            throw new IllegalArgumentException("subject must name its node");
        }
        return facts;
    }

    private static List<String> hashes(JsonNode tree) {
        JsonNode withheld = tree.path("withheld");
        if (withheld.isMissingNode()) {
            return List.of();
        }
        if (!withheld.isArray() || withheld.isEmpty() || withheld.size() > Disclosure.MOST) {
            throw new IllegalArgumentException("withheld must be 1 to 64 hashes");
        }
        List<String> hashes = new ArrayList<>();
        withheld.forEach(hash -> hashes.add(match("withheld", hash.asText(), HASH)));
        if (new HashSet<>(hashes).size() != hashes.size()
                || !hashes.equals(hashes.stream().sorted().toList())) {
            throw new IllegalArgumentException("withheld must be in order, each once");
        }
        return hashes;
    }
}
