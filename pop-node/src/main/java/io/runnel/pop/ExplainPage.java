package io.runnel.pop;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.admin.JsonWriting;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.CanaryTally;
import io.runnel.routing.placement.Explanation;
import io.runnel.routing.placement.PlacementDecision;
import io.runnel.routing.placement.ScoreSheet;
import io.runnel.topology.CanaryCount;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this POP would do with a call of a task now, and why: {@code /v1/explain/ACCOUNT/NAME}.
 * Counts nothing. Safe for any thread.
 */
final class ExplainPage implements AdminPage {
    private static final String EXPLAIN = "/v1/explain/";

    private final CatalogHolder catalog;
    private final CanaryTally tally;
    private final CallPlacing placing;

    /**
     * Explains this POP.
     *
     * @param tally counts how calls of versions that are tried end here
     */
    ExplainPage(CatalogHolder catalog, CanaryTally tally, CallPlacing placing) {
        this.catalog = catalog;
        this.tally = tally;
        this.placing = placing;
    }

    @Override
    public boolean serves(String path) {
        return path.startsWith(EXPLAIN);
    }

    @Override
    public Optional<Document> document(String path) {
        String[] parts = path.substring(EXPLAIN.length()).split("/", -1);
        boolean isTask =
                parts.length == 2 && AccountId.isValid(parts[0]) && TaskName.isValid(parts[1]);
        return isTask
                ? catalog.current()
                        .live(TaskRef.of(parts[0], parts[1]))
                        .map(version -> Document.json(json(version, placing.ifCame(version))))
                : Optional.empty();
    }

    /** What its callers must show of themselves, as {@code fact=value,value}. */
    private List<String> askedOfCallers(VersionRecord version) {
        TaskRef task = version.task().ref();
        return Stream.of(
                        placing.topology().requiredOfCallers(task),
                        version.task().options().callers())
                .flatMap(asked -> asked.facts().entrySet().stream())
                .map(fact -> fact.getKey() + "=" + String.join(",", fact.getValue()))
                .distinct()
                .toList();
    }

    private byte[] json(VersionRecord version, Explanation explained) {
        List<String> asked = askedOfCallers(version);
        return JsonWriting.bytes(
                json -> {
                    json.writeStartObject();
                    json.writeStringField("task", version.task().ref().toString());
                    json.writeNumberField("version", version.task().version());
                    json.writeStringField("would", would(explained.decision()));
                    json.writeStringField("reason", explained.decision().reason().label());
                    json.writeArrayFieldStart("regions");
                    for (RegionId region : regions(explained.decision())) {
                        json.writeString(region.value());
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("aliases");
                    for (Stamped<AliasRecord> alias :
                            catalog.current().aliases(version.task().ref())) {
                        write(alias, json);
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("callers");
                    for (String fact : asked) {
                        json.writeString(fact);
                    }
                    json.writeEndArray();
                    json.writeArrayFieldStart("scores");
                    for (ScoreSheet.Score score : ScoreSheet.of(explained)) {
                        json.writeStartObject();
                        json.writeStringField("name", score.name());
                        json.writeStringField("value", score.value());
                        json.writeStringField("unit", score.unit());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    private void write(Stamped<AliasRecord> stamped, JsonGenerator json) throws IOException {
        AliasRecord alias = stamped.value();
        json.writeStartObject();
        json.writeStringField("name", alias.name());
        json.writeNumberField("version", alias.version());
        if (alias.canary().isPresent()) {
            json.writeNumberField("canary", alias.canary().get().version());
            json.writeNumberField("permille", alias.canary().get().permille());
        }
        Optional<CanaryCount> counted = tally.count(stamped);
        if (counted.isPresent()) {
            json.writeNumberField("calls", counted.get().calls());
            json.writeNumberField("failed", counted.get().failed());
            json.writeNumberField("canaryCalls", counted.get().canaryCalls());
            json.writeNumberField("canaryFailed", counted.get().canaryFailed());
        }
        if (alias.rolledBack().isPresent()) {
            json.writeNumberField("rolledBack", alias.rolledBack().get().version());
            json.writeStringField("why", alias.rolledBack().get().why());
        }
        json.writeEndObject();
    }

    private static String would(PlacementDecision decision) {
        return switch (decision) {
            case PlacementDecision.RunHere _ -> "run-here";
            case PlacementDecision.Forward _ -> "forward";
            case PlacementDecision.Refuse _ -> "refuse";
        };
    }

    private static List<RegionId> regions(PlacementDecision decision) {
        return switch (decision) {
            case PlacementDecision.Forward forward -> forward.regions();
            case PlacementDecision.RunHere _, PlacementDecision.Refuse _ -> List.of();
        };
    }
}
