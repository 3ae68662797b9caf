package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.region.cli.supervisor.DataFolder;

import java.util.ArrayList;
import java.util.List;
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

    /** What a region revoked, as PEM. */
    String revocationList(String region) {
        return api.get("/v1/regions/%s/revocations".formatted(region)).path("list").asText();
    }

    /** Whose log it is, and all of its entries. */
    AuditLog audit(String region) {
        List<String> entries = new ArrayList<>();
        JsonNode page;
        do {
            page =
                    api.get(
                            "/v1/regions/%s/audit?after=%d&limit=%d"
                                    .formatted(region, entries.size(), PAGE));
            page.path("entries").forEach(entry -> entries.add(entry.asText()));
        } while (page.path("entries").size() == PAGE);
        return new AuditLog(page.path("authority").asText(), entries);
    }

    /** An audit log as it was read. */
    record AuditLog(String authority, List<String> entries) {
        AuditLog {
            entries = List.copyOf(entries);
        }
    }
}
