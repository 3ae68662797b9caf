package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Identity;
import io.runnel.region.cli.supervisor.DataFolder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The authorities of a network's regions, as an administrator meets them through any of these. */
final class RegionalAuthorities {
    private static final int PAGE = 512;

    private final Api api;
    private final List<String> regions;

    /**
     * Those of the network of this data folder.
     *
     * @param only the one region that is meant, if not all
     * @throws CliException if the network has no such region, or none answers
     */
    RegionalAuthorities(Shell shell, DataFolder data, Optional<String> only) {
        this.api = Account.admin(shell, data);
        List<String> all = new ArrayList<>();
        api.get("/v1/topology").path("regions").forEach(r -> all.add(r.path("name").asText()));
        if (only.filter(name -> !all.contains(name)).isPresent()) {
            throw CliException.failed(
                    "there is no region '%s' in this network".formatted(only.get()));
        }
        this.regions = only.map(List::of).orElse(List.copyOf(all));
    }

    List<String> regions() {
        return regions;
    }

    /** Revokes a node in a region, or lets it be certified again there. */
    JsonNode change(String region, String node, boolean revoked, Optional<String> why) {
        String path = "/v1/regions/%s/revocations/%s".formatted(region, node);
        if (!revoked) {
            return api.delete(path);
        }
        ObjectNode body = Json.object();
        why.ifPresent(words -> body.put("why", words));
        return api.send("PUT", path, body);
    }

    /** Makes a token by which a POP may be certified in a region. */
    JsonNode admit(String region, String pop, Optional<Duration> life) {
        ObjectNode body = Json.object().put("node", pop);
        life.ifPresent(time -> body.put("lifeSeconds", time.toSeconds()));
        return api.send("POST", "/v1/regions/%s/tokens".formatted(region), body);
    }

    /** What a region revoked, as PEM. */
    String revocationList(String region) {
        return api.get("/v1/regions/%s/revocations".formatted(region)).path("list").asText();
    }

    /** All entries of a region's audit log, as they stand there. */
    List<String> audit(String region) {
        List<String> entries = new ArrayList<>();
        extend(region, entries);
        return entries;
    }

    /** Reads what follows; returns whose log it is. */
    private String extend(String region, List<String> entries) {
        JsonNode page;
        do {
            page =
                    api.get(
                            "/v1/regions/%s/audit?after=%d&limit=%d"
                                    .formatted(region, entries.size(), PAGE));
            page.path("entries").forEach(entry -> entries.add(entry.asText()));
        } while (page.path("entries").size() == PAGE);
        return page.path("authority").asText();
    }

    /**
     * All logs, followed. Each is read on after all were read once: so what one of them said of
     * another at first stands in what was read of that, if it stands there at all.
     */
    List<AuditTrail> trails() {
        Map<String, List<String>> logs = new LinkedHashMap<>();
        regions.forEach(region -> logs.put(region, audit(region)));
        List<AuditTrail> trails = new ArrayList<>();
        logs.forEach(
                (region, entries) -> {
                    int first = entries.size();
                    Identity.Authority authority = authority(region, extend(region, entries));
                    trails.add(AuditTrail.follow(authority, entries, first));
                });
        return trails;
    }

    private static Identity.Authority authority(String region, String uri) {
        return Identity.parse(uri)
                .filter(Identity.Authority.class::isInstance)
                .map(Identity.Authority.class::cast)
                .filter(who -> who.region().value().equals(region))
                .orElseThrow(
                        () ->
                                CliException.failed(
                                        "%s answers with another's log: %s"
                                                .formatted(region, uri)));
    }
}
