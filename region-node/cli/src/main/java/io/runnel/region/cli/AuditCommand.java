package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.audit.AuditCheck;
import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.identity.Identity;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What the regions' authorities did. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Shows what authorities certified, refused and revoked, oldest first.")
final class AuditCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--region", paramLabel = "REGION", description = "only this one's")
    private Optional<String> region = Optional.empty();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private DataOption data;

    AuditCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        var authorities = new RegionalAuthorities(shell, data.in(shell), region);
        ArrayNode all = Json.array();
        Table table = new Table("REGION", "SEQ", "AT", "EVENT", "NODE", "BY", "WHY");
        for (String name : authorities.regions()) {
            for (String text : authorities.audit(name).entries()) {
                JsonNode entry = Json.read(text);
                all.add(entry);
                table.row(
                        name,
                        entry.path("seq").asText(),
                        entry.path("at").asText(),
                        entry.path("event").asText(),
                        entry.path("subject").asText(),
                        entry.path("by").asText(),
                        entry.path("why").asText());
            }
        }
        shell.print(json ? Json.pretty(Json.object().set("entries", all)) : table.toString());
        return 0;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Follows each region's audit log from its beginning.",
                "Exit 1: something was changed, taken out or put in. Keep the hashes that this"
                        + " prints: with --head, a log is sound only if it holds that entry too."
            })
    Integer verify(
            @Option(names = "--region", paramLabel = "REGION", description = "only this one's")
                    Optional<String> only,
            @Option(
                            names = "--head",
                            paramLabel = "HASH",
                            description = "of an entry that stood there before, of any region")
                    List<String> heads,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin DataOption where) {
        var authorities = new RegionalAuthorities(shell, where.in(shell), only);
        var known = new KnownHeads(heads == null ? List.of() : heads);
        ArrayNode all = Json.array();
        Table table = new Table("REGION", "ENTRIES", "HEAD", "");
        boolean sound = true;
        for (String name : authorities.regions()) {
            ObjectNode found = check(name, authorities.audit(name), known);
            sound &= found.path("sound").asBoolean();
            all.add(found);
            table.row(
                    name,
                    found.path("entries").asText(),
                    found.path("head").asText(),
                    found.path("why").asText("sound"));
        }
        for (String missing : known.missing()) {
            sound = false;
            all.addObject().put("head", missing).put("sound", false).put("why", "not there");
            table.row("", "", missing, "stands in none of these logs");
        }
        shell.print(asJson ? Json.pretty(Json.object().set("logs", all)) : table.toString());
        return sound ? 0 : 1;
    }

    private static ObjectNode check(
            String region, RegionalAuthorities.AuditLog log, KnownHeads known) {
        ObjectNode found = Json.object().put("region", region);
        AuditCheck check =
                new AuditCheck(
                        Identity.parse(log.authority())
                                .filter(Identity.Authority.class::isInstance)
                                .map(Identity.Authority.class::cast)
                                .filter(who -> who.region().value().equals(region))
                                .orElseThrow(
                                        () ->
                                                CliException.failed(
                                                        "%s answers with another's log: %s"
                                                                .formatted(
                                                                        region, log.authority()))));
        Optional<String> broken = Optional.empty();
        for (String text : log.entries()) {
            broken = check.accept(text);
            if (broken.isPresent()) {
                break;
            }
            known.seen(check.last().orElseThrow());
        }
        long entries = check.last().map(AuditEntry::seq).orElse(0L);
        found.put("entries", entries)
                .put("head", check.last().map(AuditEntry::hash).orElse(AuditEntry.NOTHING))
                .put("sound", broken.isEmpty());
        broken.ifPresent(why -> found.put("why", "entry %d: %s".formatted(entries + 1, why)));
        return found;
    }
}
