package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** An account's bill. */
@Command(
        name = "usage",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the account's calls took: who calls pays, whoever owns the task.",
            "With --owned what calls of the account's own tasks took, its own and others'."
        })
final class UsageCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description =
                    "task (default), day, or with --owned caller: the account itself or others")
    private String by = "task";

    @Option(names = "--owned", description = "calls of the account's own tasks, whoever paid")
    private boolean owned;

    @Option(names = "--calls", description = "the single calls of the last hour that it pays for")
    private boolean calls;

    @Option(
            names = "--quarantined",
            description = "what nodes sent as usage and regions did not believe; by administrators")
    private boolean quarantined;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description =
                    "since this day (UTC), as 2027-01-31; 30 days ago unless given; with"
                            + " --calls a time, as 2027-01-31T12:00:00Z")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DAY", description = "until this day; today unless given")
    private Optional<String> to = Optional.empty();

    @Option(names = "--csv", description = "print lines with commas between, with a heading")
    private boolean csv;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    UsageCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (owned && calls) {
            throw CliException.usage("--calls are those that the account pays for: not --owned");
        }
        Function<JsonNode, String> key = key();
        Api api = Account.of(shell, data.in(shell)).api();
        if (quarantined) {
            return printQuarantined(api);
        }
        JsonNode answer = owned ? ofAllRegions(api) : api.get(path("/v1/usage"));
        if (json) {
            shell.print(Json.pretty(answer));
        } else if (calls) {
            printCalls(answer.path("calls"));
        } else {
            printTotals(answer.path("usage"), key);
        }
        if (answer.has("budget") && !json) {
            shell.say(budget(answer.path("budget")));
        }
        if (answer.path("truncated").asBoolean()) {
            shell.say("runnel: there is more; ask for fewer days by --from and --to");
        }
        return 0;
    }

    private static String budget(JsonNode budget) {
        double used = budget.path("used").asDouble();
        long most = budget.path("gbSeconds").asLong();
        String text =
                String.format(
                        Locale.ROOT,
                        "runnel: %.6f of the budget of %d GB-seconds in %s (%.0f %%)",
                        used,
                        most,
                        budget.path("month").asText(),
                        100 * used / most);
        return used < most ? text : text + ": calls are refused";
    }

    private Function<JsonNode, String> key() {
        return switch (by) {
            case "task" -> row -> row.path("task").asText() + "@" + row.path("version").asText();
            case "day" -> row -> row.path("day").asText();
            case "caller" -> {
                if (!owned) {
                    throw CliException.usage("--by caller goes with --owned");
                }
                yield row -> row.path("own").asBoolean() ? "itself" : "others";
            }
            default ->
                    throw CliException.usage(
                            "--by must be task, day or caller: '%s'".formatted(by));
        };
    }

    private int printQuarantined(Api api) {
        if (owned || calls || from.isPresent() || to.isPresent()) {
            throw CliException.usage("--quarantined goes with --json and --csv alone");
        }
        ObjectNode all = Json.object();
        ArrayNode rows = all.putArray("batches");
        for (String region : regions(api)) {
            String path = "/v1/regions/%s/quarantine".formatted(region);
            for (JsonNode batch : api.get(path).path("batches")) {
                rows.add(((ObjectNode) batch).put("region", region));
            }
        }
        if (json) {
            shell.print(Json.pretty(all));
        } else {
            Lines lines = new Lines("AT", "REGION", "NODE", "RECORDS", "REASON");
            for (JsonNode row : rows) {
                lines.add(
                        row.path("at").asText(),
                        row.path("region").asText(),
                        row.path("node").asText(),
                        row.path("records").asLong(),
                        row.path("reason").asText().replace(',', ';'));
            }
            lines.print();
        }
        return 0;
    }

    private static Set<String> regions(Api api) {
        Set<String> regions = new TreeSet<>();
        for (JsonNode node : api.get("/v1/nodes").path("nodes")) {
            if (node.path("role").asText().equals("region")) {
                regions.add(node.path("region").asText());
            }
        }
        return regions;
    }

    /** Each region knows what those pay who are at home there. */
    private JsonNode ofAllRegions(Api api) {
        ObjectNode all = Json.object();
        ArrayNode rows = all.putArray("usage");
        for (String region : regions(api)) {
            JsonNode answer = api.get(path("/v1/regions/%s/usage".formatted(region)));
            answer.path("usage").forEach(rows::add);
            if (answer.path("truncated").asBoolean()) {
                all.put("truncated", true);
            }
        }
        return all;
    }

    private String path(String totals) {
        StringBuilder path = new StringBuilder(calls ? "/v1/usage/calls" : totals);
        String next = "?";
        for (Map.Entry<String, Optional<String>> one :
                List.of(Map.entry("from", from), Map.entry("to", to))) {
            if (one.getValue().isPresent()) {
                String value = one.getValue().get();
                if (!value.matches("[0-9A-Za-z:.-]{1,40}")) {
                    throw CliException.usage("--%s is no day: '%s'".formatted(one.getKey(), value));
                }
                path.append(next).append(one.getKey()).append('=').append(value);
                next = "&";
            }
        }
        return path.toString();
    }

    /** What several rows took together. */
    private static final class Sum {
        private long calls;
        private long failed;
        private long milliseconds;
        private double gbSeconds;
        private long cpuMilliseconds;
        private long bytesIn;
        private long bytesOut;

        private void add(JsonNode row) {
            calls += row.path("calls").asLong();
            failed += row.path("failed").asLong();
            milliseconds += row.path("milliseconds").asLong();
            gbSeconds += row.path("gbSeconds").asDouble();
            cpuMilliseconds += row.path("cpuMilliseconds").asLong();
            bytesIn += row.path("bytesIn").asLong();
            bytesOut += row.path("bytesOut").asLong();
        }

        private Object[] cells(String name) {
            return new Object[] {
                name,
                calls,
                failed,
                milliseconds,
                String.format(Locale.ROOT, "%.6f", gbSeconds),
                cpuMilliseconds,
                bytesIn,
                bytesOut
            };
        }
    }

    private void printTotals(JsonNode rows, Function<JsonNode, String> key) {
        Map<String, Sum> sums = new TreeMap<>();
        Sum all = new Sum();
        for (JsonNode row : rows) {
            sums.computeIfAbsent(key.apply(row), name -> new Sum()).add(row);
            all.add(row);
        }
        String[] headings = {
            by.toUpperCase(Locale.ROOT), "CALLS", "FAILED", "MS", "GB-S", "CPU MS", "IN", "OUT"
        };
        Lines lines = new Lines(headings);
        sums.forEach((name, sum) -> lines.add(sum.cells(name)));
        if (!csv) {
            lines.add(all.cells("all"));
        }
        lines.print();
    }

    private void printCalls(JsonNode rows) {
        Lines lines =
                new Lines(
                        "ENDED", "REQUEST", "TASK", "BY", "OUTCOME", "START", "MS", "CPU US", "IN",
                        "OUT");
        for (JsonNode row : rows) {
            lines.add(
                    row.path("ended").asText(),
                    row.path("requestId").asText(),
                    row.path("task").asText() + "@" + row.path("version").asText(),
                    row.path("by").asText("-"),
                    row.path("outcome").asText(),
                    row.path("start").asText(),
                    row.path("milliseconds").asLong(),
                    row.path("cpuMicroseconds").asLong(),
                    row.path("bytesIn").asLong(),
                    row.path("bytesOut").asLong());
        }
        lines.print();
    }

    /** A table, or lines with commas between; no cell has any. */
    private final class Lines {
        private final Table table;

        Lines(String... headings) {
            this.table = new Table(headings);
            if (csv) {
                shell.print(String.join(",", headings).toLowerCase(Locale.ROOT).replace(' ', '-'));
            }
        }

        void add(Object... cells) {
            if (csv) {
                shell.print(
                        String.join(",", List.of(cells).stream().map(Object::toString).toList()));
            } else {
                var unused = table.row(cells);
            }
        }

        void print() {
            if (!csv) {
                shell.print(table.toString());
            }
        }
    }
}
