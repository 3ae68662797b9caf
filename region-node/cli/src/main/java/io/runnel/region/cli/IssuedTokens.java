package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What regions made for a POP to join with.
 *
 * @param made as the regions answered
 * @param silent which of them did not answer, and why, in words
 */
record IssuedTokens(List<JsonNode> made, List<String> silent) {
    IssuedTokens {
        made = List.copyOf(made);
        silent = List.copyOf(silent);
    }

    /** Asks all regions; those that are none of the POP's make none. */
    static IssuedTokens make(RegionalAuthorities authorities, String pop, Optional<Duration> life) {
        List<JsonNode> made = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (String region : authorities.regions()) {
            try {
                made.add(authorities.admit(region, pop, life));
            } catch (ApiException e) {
                if (e.problem().filter("node-not-found"::equals).isEmpty()) {
                    silent.add("%s made no token: %s".formatted(region, e.getMessage()));
                }
            }
        }
        return new IssuedTokens(made, silent);
    }

    /** The tokens themselves. */
    List<String> all() {
        return made.stream().map(answer -> answer.path("token").asText()).toList();
    }

    /** As they are kept: one in a line. */
    String text() {
        return String.join("\n", all()) + "\n";
    }

    JsonNode json() {
        ArrayNode tokens = Json.array();
        made.forEach(tokens::add);
        return Json.object().set("tokens", tokens);
    }
}
