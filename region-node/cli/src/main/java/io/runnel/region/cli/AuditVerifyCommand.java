package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.region.cli.AuditTrail.Testimony;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Whether what the regions' authorities did still stands in their logs. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Follows each region's audit log from its beginning, and compares it with what the"
                    + " other regions witnessed of it.",
            "Exit 1: something was changed, taken out, put in or cut off. Keep the hashes that this"
                    + " prints: with --head, a log is sound only if it holds that entry too."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "only this one's, by itself: without what others witnessed")
    private Optional<String> region = Optional.empty();

    @Option(
            names = "--head",
            paramLabel = "HASH",
            description = "of an entry that stood there before, of any region")
    private List<String> heads = List.of();

    @Option(
            names = "--lost",
            paramLabel = "HASH",
            description =
                    "of an entry that others witnessed and that was lost when a store was restored")
    private List<String> lost = List.of();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private DataOption data;

    AuditVerifyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Set<String> known = EntryHashes.of("--head", heads);
        Set<String> restored = EntryHashes.of("--lost", lost);
        List<AuditTrail> trails = new RegionalAuthorities(shell, data.in(shell), region).trails();
        List<Testimony> all = trails.stream().flatMap(t -> t.testimonies().stream()).toList();
        ArrayNode found = Json.array();
        Table table = new Table("REGION", "ENTRIES", "HEAD", "WITNESSED", "");
        for (AuditTrail trail : trails) {
            Optional<String> doubt = trail.doubt(all, restored);
            Map<String, Long> witnessed = witnessed(trail.of(all));
            found.add(json(trail, witnessed, doubt));
            table.row(
                    trail.region(),
                    Integer.toString(trail.hashes().size()),
                    trail.head(),
                    witnessed.entrySet().stream()
                            .map(by -> "to %d by %s".formatted(by.getValue(), by.getKey()))
                            .collect(Collectors.joining(", ")),
                    doubt.orElse("sound"));
        }
        trails.forEach(trail -> known.removeAll(trail.hashes()));
        for (String missing : known) {
            found.addObject().put("head", missing).put("sound", false).put("why", "not there");
            table.row("", "", missing, "", "stands in none of these logs");
        }
        shell.print(json ? Json.pretty(Json.object().set("logs", found)) : table.toString());
        return found.findValues("sound").stream().allMatch(sound -> sound.asBoolean()) ? 0 : 1;
    }

    /** Who witnessed how much of it at last. */
    private static Map<String, Long> witnessed(List<Testimony> testimonies) {
        Map<String, Long> last = new LinkedHashMap<>();
        testimonies.forEach(one -> last.put(one.by().region().value(), one.head().seq()));
        return last;
    }

    private static ObjectNode json(
            AuditTrail trail, Map<String, Long> witnessed, Optional<String> doubt) {
        ObjectNode json =
                Json.object()
                        .put("region", trail.region())
                        .put("entries", trail.hashes().size())
                        .put("head", trail.head())
                        .put("sound", doubt.isEmpty());
        ArrayNode by = json.putArray("witnessed");
        witnessed.forEach((who, seq) -> by.addObject().put("by", who).put("entries", seq));
        doubt.ifPresent(why -> json.put("why", why));
        return json;
    }
}
