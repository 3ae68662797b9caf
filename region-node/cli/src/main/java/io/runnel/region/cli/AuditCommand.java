package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            for (String text : authorities.audit(name)) {
                JsonNode entry = Json.read(text);
                all.add(entry);
                table.row(
                        name,
                        entry.path("seq").asText(),
                        entry.path("at").asText(),
                        entry.path("event").asText(),
                        entry.path("subject").asText(),
                        entry.path("by").asText(),
                        why(entry));
            }
        }
        shell.print(json ? Json.pretty(Json.object().set("entries", all)) : table.toString());
        return 0;
    }

    private static String why(JsonNode entry) {
        String why = entry.path("why").asText();
        if (!why.isEmpty()) {
            return why;
        }
        if (entry.has("headSeq")) {
            return "sound to entry " + entry.path("headSeq").asText();
        }
        String proof = entry.path("proof").asText();
        return proof.startsWith("certificate/") ? "renewed" : proof.replace('/', ' ');
    }
}
