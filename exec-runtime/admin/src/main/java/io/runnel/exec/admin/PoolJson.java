package io.runnel.exec.admin;

import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.isolate.PhaseReport;
import io.runnel.exec.isolate.PoolReport;
import io.runnel.exec.isolate.ReleaseReason;
import io.runnel.exec.isolate.StartPhase;
import io.runnel.exec.isolate.TaskReport;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** What a pool holds, as JSON: the names here are a promise to operators' programs. */
final class PoolJson {
    private PoolJson() {}

    static byte[] of(PoolReport report) {
        return JsonWriting.bytes(json -> write(json, report));
    }

    static byte[] of(TaskReport report) {
        return JsonWriting.bytes(json -> write(json, report));
    }

    private static void write(JsonGenerator json, PoolReport report) throws IOException {
        json.writeStartObject();
        json.writeNumberField("budgetBytes", report.budgetBytes());
        json.writeNumberField("heldBytes", report.usedBytes());
        json.writeNumberField("programs", report.programs());
        json.writeNumberField("idleIsolates", report.idleIsolates());
        json.writeNumberField("knownTasks", report.knownTasks());
        json.writeNumberField("unrecordedCalls", report.unrecordedCalls());
        json.writeObjectFieldStart("counts");
        write(json, report.counts());
        json.writeEndObject();
        json.writeObjectFieldStart("phases");
        for (StartPhase phase : StartPhase.values()) {
            json.writeObjectFieldStart(label(phase));
            write(json, report.phases().get(phase));
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("tasks");
        for (TaskReport task : report.tasks()) {
            write(json, task);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PoolReport.Counts counts) throws IOException {
        json.writeNumberField("warmCalls", counts.warmCalls());
        json.writeNumberField("coldCalls", counts.coldCalls());
        json.writeNumberField("prepared", counts.prepared());
        json.writeNumberField("usedPrepares", counts.usedPrepares());
        json.writeNumberField("wastedPrepares", counts.wastedPrepares());
        json.writeNumberField("failedPrepares", counts.failedPrepares());
        write(json, "releasedIsolates", counts.releasedIsolates());
        write(json, "closedPrograms", counts.closedPrograms());
    }

    private static void write(JsonGenerator json, String name, Map<ReleaseReason, Long> sums)
            throws IOException {
        json.writeObjectFieldStart(name);
        for (ReleaseReason reason : ReleaseReason.values()) {
            json.writeNumberField(label(reason), sums.getOrDefault(reason, 0L));
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PhaseReport phase) throws IOException {
        json.writeNumberField("count", phase.count());
        json.writeNumberField("p50Nanos", phase.p50());
        json.writeNumberField("p90Nanos", phase.p90());
        json.writeNumberField("p99Nanos", phase.p99());
        json.writeNumberField("mostNanos", phase.most());
        json.writeArrayFieldStart("bins");
        for (PhaseReport.Bin bin : phase.bins()) {
            json.writeStartObject();
            json.writeNumberField("belowNanos", bin.belowNanos());
            json.writeNumberField("count", bin.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, TaskReport task) throws IOException {
        json.writeStartObject();
        json.writeStringField("account", task.account());
        json.writeStringField("task", task.task());
        json.writeNumberField("version", task.version());
        json.writeStringField("digest", task.code());
        json.writeNumberField("calls", task.calls());
        json.writeNumberField("lastCallMs", task.lastCallMs());
        json.writeNumberField("present", task.present());
        json.writeBooleanField("open", task.open());
        json.writeStringField("tier", task.tier().toLowerCase(Locale.ROOT));
        json.writeStringField("optimized", task.optimized());
        json.writeArrayFieldStart("notes");
        for (String note : task.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeNumberField("programBytes", task.programBytes());
        writeIsolates(json, task.isolates());
        json.writeNumberField("chance", rounded(task.chance()));
        json.writeNumberField("held", task.held());
        json.writeStringField("why", task.why());
        json.writeArrayFieldStart("periods");
        for (TaskReport.Period period : task.periods()) {
            write(json, period);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeIsolates(JsonGenerator json, TaskReport.Isolates isolates)
            throws IOException {
        json.writeObjectFieldStart("isolates");
        json.writeNumberField("starting", isolates.starting());
        json.writeNumberField("prepared", isolates.prepared());
        json.writeNumberField("running", isolates.running());
        json.writeNumberField("idle", isolates.idle());
        json.writeNumberField("idleBytes", isolates.bytes());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, TaskReport.Period period) throws IOException {
        json.writeStartObject();
        json.writeStringField("state", period.state().toLowerCase(Locale.ROOT));
        json.writeNumberField("periodMs", period.periodMs());
        json.writeNumberField("jitterMs", period.jitterMs());
        json.writeNumberField("confidence", rounded(period.confidence()));
        json.writeNumberField("expectedInMs", period.expectedMs());
        json.writeNumberField("opensInMs", period.opensMs());
        json.writeNumberField("closesInMs", period.closesMs());
        json.writeNumberField("amount", period.amount());
        json.writeNumberField("hits", period.hits());
        json.writeNumberField("misses", period.misses());
        json.writeEndObject();
    }

    /** To a thousandth: more is not known. */
    private static double rounded(double share) {
        return Math.round(share * 1_000) / 1_000.0;
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
