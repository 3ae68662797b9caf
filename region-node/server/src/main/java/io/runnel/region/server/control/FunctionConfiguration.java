package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** A version as AWS Lambda's API tells it. */
final class FunctionConfiguration {
    static final String LATEST = "$LATEST";
    static final String RUNTIME = "provided.al2023";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private final RegionId here;
    private final Rollout rollout;

    /**
     * That of versions of this region's accounts.
     *
     * @param rollout says which of them are everywhere
     */
    FunctionConfiguration(RegionId here, Rollout rollout) {
        this.here = here;
        this.rollout = rollout;
    }

    /**
     * What is told of a version.
     *
     * @param name by which it was asked for: its number, or that of the one that calls get
     */
    ObjectNode of(Call call, Catalog catalog, VersionRecord version, String name) {
        Task task = version.task();
        FunctionArn arn = FunctionArn.of(call, here);
        ObjectNode json = ControlJson.object();
        json.put("FunctionName", task.ref().name().value());
        json.put("FunctionArn", name.equals(LATEST) ? arn.toString() : arn.of(name));
        json.put("Runtime", RUNTIME);
        json.put("Handler", task.handler().label());
        json.put("CodeSize", version.codeSize().bytes());
        json.put("CodeSha256", sha256(version));
        json.put("Timeout", seconds(task.limits().timeout()));
        json.put("MemorySize", task.limits().memory().bytes() / ByteSize.ofMiB(1).bytes());
        json.put("LastModified", TIME.format(version.created()));
        json.put("Version", name);
        json.put("RevisionId", revision(catalog, task.ref()));
        json.put("PackageType", "Zip");
        putState(json, task);
        if (!task.environment().isEmpty()) {
            ObjectNode variables = json.putObject("Environment").putObject("Variables");
            new TreeMap<>(task.environment()).forEach(variables::put);
        }
        return json;
    }

    /** While places wait for a function's first version, calls there do not find it. */
    private void putState(ObjectNode json, Task task) {
        boolean waited =
                rollout.report(task.ref(), task.version()).stream()
                        .flatMap(List::stream)
                        .anyMatch(place -> place.state() == Rollout.State.WAITING);
        boolean isFirst = task.version() == 1;
        json.put("State", waited && isFirst ? "Pending" : "Active");
        if (waited && isFirst) {
            json.put("StateReasonCode", "Creating");
        }
        json.put("LastUpdateStatus", waited ? "InProgress" : "Successful");
    }

    /** Of the program, not of the archive in which it came. */
    static String sha256(VersionRecord version) {
        byte[] digest = HexFormat.of().parseHex(version.task().code().value());
        return Base64.getEncoder().encodeToString(digest);
    }

    /** Whole seconds, no fewer than it may take. */
    private static long seconds(Duration time) {
        return time.plusMillis(999).toSeconds();
    }

    /** The ETag of a task, without its quotes. */
    static String revision(Catalog catalog, TaskRef ref) {
        return catalog.stampedTask(ref)
                .map(task -> FunctionRevision.of(TaskOperations.tag(catalog, ref, task.seq())))
                .orElse("");
    }
}
