package io.runnel.pop;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.admin.JsonWriting;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.CanaryTally;
import io.runnel.routing.placement.CalledName;
import io.runnel.routing.placement.Explanation;
import io.runnel.routing.placement.PlacementDecision;
import io.runnel.routing.placement.ScoreSheet;
import io.runnel.topology.CanaryCount;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this POP would do with a call of a task now, and why: {@code /v1/explain/ACCOUNT/NAME}. Of a
 * caller's alias also what it leads to, or why it leads nowhere. Counts nothing. Safe for any
 * thread.
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
        boolean isName =
                parts.length == 2 && AccountId.isValid(parts[0]) && TaskName.isValid(parts[1]);
        return isName ? explained(TaskRef.of(parts[0], parts[1])) : Optional.empty();
    }

    private Optional<Document> explained(TaskRef name) {
        Catalog now = catalog.current();
        Optional<VersionRecord> live = now.live(name);
        if (live.isPresent()) {
            return live.map(version -> document(version, Optional.empty()));
        }
        try {
            return CalledName.of(now, name, Qualifier.NONE)
                    .map(called -> led(now, new Led(name, called)));
        } catch (CalledName.LostException e) {
            return Optional.of(document(name, e.getMessage()));
        }
    }

    /** That a caller's alias leads to a task. */
    private record Led(TaskRef alias, CalledName called) {
        String to() {
            return called.task() + "" + called.version();
        }
    }

    private Document led(Catalog now, Led led) {
        return version(now, led.called())
                .map(version -> document(version, Optional.of(led)))
                .orElseGet(() -> document(led.alias(), "there is no " + led.to()));
    }

    /** Of those that are tried the usual one. */
    private static Optional<VersionRecord> version(Catalog now, CalledName called) {
        TaskRef task = called.task();
        Qualifier named = called.version();
        if (named.equals(Qualifier.NONE) || named.alias().equals(AliasRecord.LIVE)) {
            return now.live(task);
        }
        return named.version() > 0
                ? now.version(task, named.version())
                : now.alias(task, named.alias())
                        .flatMap(alias -> now.version(task, alias.value().version()));
    }

    private static Document document(TaskRef alias, String whyLost) {
        return Document.json(
                JsonWriting.bytes(
                        json -> {
                            json.writeStartObject();
                            json.writeStringField("alias", alias.toString());
                            json.writeStringField("lost", whyLost);
                            json.writeEndObject();
                        }));
    }

    private Document document(VersionRecord version, Optional<Led> led) {
        return Document.json(json(version, placing.ifCame(version), led));
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

    private byte[] json(VersionRecord version, Explanation explained, Optional<Led> led) {
        List<String> asked = askedOfCallers(version);
        return JsonWriting.bytes(
                json -> {
                    json.writeStartObject();
                    if (led.isPresent()) {
                        json.writeStringField("alias", led.get().alias().toString());
                        json.writeStringField("by", led.get().called().by());
                        json.writeStringField("to", led.get().to());
                    }
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
