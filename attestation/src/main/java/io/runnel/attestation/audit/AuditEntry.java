package io.runnel.attestation.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.CanonicalJson;
import io.runnel.attestation.document.Hashes;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One entry of an authority's audit log. Its text is canonical JSON (RFC 8785), of which its hash
 * is taken.
 *
 * @param seq from 1 on
 * @param at when, to the millisecond
 * @param authority whose log it is
 * @param prev the hash of the entry before it; {@link #NOTHING} of the first
 */
public record AuditEntry(
        long seq, Instant at, Identity.Authority authority, AuditFact fact, String prev) {
    /** What the first entry names as the one before it. */
    public static final String NOTHING = "0".repeat(64);

    private static final String SCHEMA = "runnel/audit/1";
    private static final int HEX = 16;

    /** The one that follows {@code last}, which may be none. */
    public static AuditEntry after(
            Optional<AuditEntry> last, Instant at, Identity.Authority authority, AuditFact fact) {
        return new AuditEntry(
                last.map(AuditEntry::seq).orElse(0L) + 1,
                at.truncatedTo(ChronoUnit.MILLIS),
                authority,
                fact,
                last.map(AuditEntry::hash).orElse(NOTHING));
    }

    /** SHA-256 of its text, in lower-case hexadecimal digits. */
    public String hash() {
        return hash(text());
    }

    /** The same, of one whose text is known. */
    static String hash(String text) {
        return HexFormat.of().formatHex(Hashes.sha256().digest(text.getBytes(UTF_8)));
    }

    /** As it is kept, in one line. */
    public String text() {
        return new String(CanonicalJson.write(tree()), UTF_8);
    }

    private ObjectNode tree() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schema", SCHEMA)
                .put("seq", seq)
                .put("at", at.toString())
                .put("authority", authority.uri())
                .put("event", fact.event().label())
                .put("subject", fact.subject().uri())
                .put("by", fact.by())
                .put("why", fact.why())
                .put("prev", prev);
        fact.certificate()
                .ifPresent(
                        made ->
                                json.put("serial", made.serial().toString(HEX))
                                        .put("notAfter", made.notAfter().toString()));
        fact.proof()
                .ifPresent(
                        proof -> {
                            json.put("proof", proof.id());
                            proof.key().ifPresent(key -> json.put("key", key));
                        });
        fact.head().ifPresent(head -> json.put("headSeq", head.seq()).put("headHash", head.hash()));
        return json;
    }

    /** Reads what may have been changed by anybody. */
    public static Verdict<AuditEntry> read(String text) {
        return switch (CanonicalJson.read(text.getBytes(UTF_8))) {
            case Verdict.Trusted<JsonNode>(JsonNode json) -> parsed(json, text);
            case Verdict.Rejected<JsonNode>(var reasons) -> new Verdict.Rejected<>(reasons);
        };
    }

    private static Verdict<AuditEntry> parsed(JsonNode json, String text) {
        if (!json.path("schema").asText().equals(SCHEMA)) {
            return Verdict.rejected(Reason.UNKNOWN_SCHEMA, json.path("schema").asText());
        }
        try {
            AuditEntry entry = entry(json);
            // What is not understood would be left out of what is said again.
            return entry.text().equals(text)
                    ? Verdict.trusted(entry)
                    : Verdict.rejected(Reason.MALFORMED, "there is more in it than is known");
        } catch (DateTimeException | IllegalArgumentException e) {
            return Verdict.rejected(Reason.MALFORMED, e.getMessage());
        }
    }

    private static AuditEntry entry(JsonNode json) {
        Optional<AuditFact.Made> made =
                json.has("serial")
                        ? Optional.of(
                                new AuditFact.Made(
                                        new BigInteger(json.path("serial").asText(), HEX),
                                        Instant.parse(json.path("notAfter").asText())))
                        : Optional.empty();
        AuditFact fact =
                new AuditFact(
                        AuditEvent.labelled(json.path("event").asText())
                                .orElseThrow(() -> unknown("event")),
                        Identity.parse(json.path("subject").asText())
                                .orElseThrow(() -> unknown("subject")),
                        made,
                        proof(json),
                        head(json),
                        json.path("by").asText(),
                        json.path("why").asText());
        return new AuditEntry(
                json.path("seq").asLong(),
                Instant.parse(json.path("at").asText()),
                Identity.parse(json.path("authority").asText())
                        .filter(Identity.Authority.class::isInstance)
                        .map(Identity.Authority.class::cast)
                        .orElseThrow(() -> unknown("authority")),
                fact,
                json.path("prev").asText());
    }

    private static Optional<AuditFact.Proof> proof(JsonNode json) {
        return json.has("proof")
                ? Optional.of(
                        new AuditFact.Proof(
                                json.path("proof").asText(),
                                Optional.of(json.path("key").asText())
                                        .filter(key -> json.has("key"))))
                : Optional.empty();
    }

    private static Optional<AuditFact.Head> head(JsonNode json) {
        return json.has("headHash")
                ? Optional.of(
                        new AuditFact.Head(
                                json.path("headSeq").asLong(), json.path("headHash").asText()))
                : Optional.empty();
    }

    private static IllegalArgumentException unknown(String field) {
        return new IllegalArgumentException("its " + field + " is none");
    }
}
