package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;

import picocli.CommandLine.Option;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a grant says, and on which terms. */
final class GrantOptions {
    static final String DEFAULT_ID = "default";

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "the grant's name; 'default' unless given")
    private String id = DEFAULT_ID;

    @Option(names = "--deny", description = "deny instead, whatever other grants say")
    private boolean deny;

    @Option(
            names = "--placement",
            paramLabel = "WHOSE",
            description =
                    "caller (default): what calls leave is kept for each caller; owner: calls"
                            + " of others leave nothing")
    private Optional<String> placement = Optional.empty();

    @Option(names = "--from", paramLabel = "TIME", description = "since 2027-01-31T12:00:00Z")
    private Optional<Instant> from = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "before this time")
    private Optional<Instant> until = Optional.empty();

    @Option(
            names = "--method",
            split = ",",
            paramLabel = "METHOD",
            description = "HTTP methods, with commas between; any unless given")
    private List<String> methods = List.of();

    @Option(
            names = "--network",
            split = ",",
            paramLabel = "ADDRESS/BITS",
            description = "where callers are, with commas between; anywhere unless given")
    private List<String> networks = List.of();

    @Option(
            names = "--max-stale",
            paramLabel = "TIME",
            description = "how long a POP goes on by it that hears of no region; 5m unless given")
    private Optional<String> maxStale = Optional.empty();

    @Option(
            names = "--region",
            split = ",",
            paramLabel = "REGION",
            description =
                    "where alone calls run by it, and at POPs of theirs, with commas between;"
                            + " wherever the task does unless given")
    private List<String> regions = List.of();

    @Option(
            names = "--rate",
            paramLabel = "CALLS",
            description =
                    "calls that one account may begin by it in a second at each node; not limited"
                            + " unless given")
    private Optional<Integer> rate = Optional.empty();

    @Option(
            names = "--burst",
            paramLabel = "CALLS",
            description = "calls that may begin at once after a pause; as --rate unless given")
    private Optional<Integer> burst = Optional.empty();

    @Option(
            names = "--agreement",
            paramLabel = "TEXT",
            description =
                    "what the caller's account has to agree to first, as the address of your terms")
    private Optional<String> agreement = Optional.empty();

    @Option(
            names = "--route",
            paramLabel = "ROUTE",
            description =
                    "of an API: for this route alone, as \"GET /orders/{id}\"; may be repeated")
    private List<String> routes = List.of();

    /** The grant's name. */
    String id() {
        return id;
    }

    /** What is asked of the control API. */
    ObjectNode body(Qualifier only) {
        ObjectNode body = Json.object();
        if (deny) {
            body.put("effect", "deny");
        }
        if (only.version() > 0) {
            body.put("version", only.version());
        }
        if (!only.alias().isEmpty()) {
            body.put("alias", only.alias());
        }
        placement.ifPresent(whose -> body.put("placement", whose));
        from.ifPresent(at -> body.put("from", at.toString()));
        until.ifPresent(at -> body.put("until", at.toString()));
        methods.forEach(method -> body.withArray("methods").add(method));
        networks.forEach(network -> body.withArray("networks").add(network));
        maxStale.ifPresent(time -> body.put("maxStale", time));
        regions.forEach(region -> body.withArray("regions").add(region));
        rate.ifPresent(calls -> body.put("perSecond", calls));
        burst.ifPresent(calls -> body.put("burst", calls));
        agreement.ifPresent(asked -> body.put("agreement", asked));
        routes.forEach(route -> body.withArray("routes").add(route));
        return body;
    }

    /** How each term is told, in this order. */
    private static final Map<String, String> PHRASES = phrases();

    private static Map<String, String> phrases() {
        Map<String, String> phrases = new LinkedHashMap<>();
        phrases.put("from", "from %s");
        phrases.put("until", "until %s");
        phrases.put("maxStale", "%s stale at most");
        phrases.put("perSecond", "%s a second,");
        phrases.put("burst", "%s at once;");
        phrases.put("methods", "by %s");
        phrases.put("networks", "from %s");
        phrases.put("regions", "in %s");
        phrases.put("routes", "on %s");
        return phrases;
    }

    /** The terms of a grant, for people. */
    static String told(JsonNode grant) {
        StringBuilder text = new StringBuilder();
        text.append(grant.path("effect").asText("allow").equals("deny") ? "denied" : "");
        text.append(grant.path("revoked").asBoolean() ? " revoked" : "");
        for (Map.Entry<String, String> one : PHRASES.entrySet()) {
            if (grant.has(one.getKey())) {
                JsonNode said = grant.path(one.getKey());
                String value = said.isArray() ? Json.texts(said, "") : said.asText();
                text.append(" ").append(one.getValue().formatted(value));
            }
        }
        if (grant.has("agreement")) {
            text.append(" %s: %s".formatted(agreed(grant), grant.path("agreement").asText()));
        }
        return text.toString().strip();
    }

    /** Of grants that others hold nothing is known. */
    private static String agreed(JsonNode grant) {
        if (!grant.has("agreed")) {
            return "asks for";
        }
        return grant.path("agreed").asBoolean() ? "agreed to" : "not agreed to";
    }
}
