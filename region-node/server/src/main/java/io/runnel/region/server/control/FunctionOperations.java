package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Tasks as functions of AWS Lambda's API: made, changed, looked at, deleted. What is called without
 * a qualifier is the live version, {@code $LATEST}; each change of code or settings is a version of
 * its own.
 */
final class FunctionOperations {
    private static final int MOST_LISTED = 10_000;
    private static final int USUALLY_LISTED = 50;

    private final ControlSettings settings;
    private final TaskOperations tasks;
    private final BlobOperations blobs;
    private final Publishing publishing;
    private final Executor worker;
    private final FunctionConfiguration configurations;

    FunctionOperations(
            ControlSettings settings,
            TaskOperations tasks,
            BlobOperations blobs,
            Publishing publishing,
            Executor worker) {
        this.settings = settings;
        this.tasks = tasks;
        this.blobs = blobs;
        this.publishing = publishing;
        this.worker = worker;
        this.configurations = new FunctionConfiguration(settings.region(), settings.rollout());
    }

    /** CreateFunction. */
    CompletionStage<Reply> create(Call call) {
        return packed(call)
                .thenComposeAsync(
                        given -> {
                            JsonBody said =
                                    given.fields()
                                            .knowing(
                                                    "FunctionName",
                                                    "Role",
                                                    "Runtime",
                                                    "Handler",
                                                    "Code",
                                                    "Timeout",
                                                    "MemorySize",
                                                    "Environment",
                                                    "PackageType",
                                                    "Architectures",
                                                    "Publish");
                            said.optionalObject("Code").ifPresent(code -> code.knowing());
                            TaskName name = said.value("FunctionName", TaskName::new);
                            ObjectNode version = FunctionFields.ofNew();
                            FunctionFields.change(version, said);
                            Call about =
                                    call.about(
                                            Map.of("task", name.value()),
                                            JsonBody.of(version),
                                            Map.of("If-None-Match", "*"));
                            ControlCallers.requireTask(Optional.of(KeyScope.DEPLOY), about);
                            String taken = "Function already exist: " + name;
                            return Taken.unlessNew(
                                    () -> published(about, version, given, said, 201), taken);
                        },
                        worker);
    }

    /** UpdateFunctionCode. */
    CompletionStage<Reply> updateCode(Call call) {
        TaskOperations.task(call, call.catalog());
        return packed(call)
                .thenComposeAsync(
                        given -> {
                            JsonBody said =
                                    given.fields()
                                            .knowing("Publish", "RevisionId", "Architectures");
                            return again(call)
                                    .thenComposeAsync(
                                            version ->
                                                    published(
                                                            unchanged(call, said, version),
                                                            version,
                                                            given,
                                                            said,
                                                            200),
                                            worker);
                        },
                        worker);
    }

    /** UpdateFunctionConfiguration. */
    CompletionStage<Reply> updateConfiguration(Call call) {
        JsonBody said =
                call.body()
                        .knowing(
                                "Role",
                                "Runtime",
                                "Handler",
                                "Timeout",
                                "MemorySize",
                                "Environment",
                                "RevisionId");
        return again(call)
                .thenCompose(
                        version -> {
                            FunctionFields.change(version, said);
                            return publishing.publish(unchanged(call, said, version));
                        })
                .thenApply(done -> Reply.ok(now(call, false)));
    }

    /** What would publish the live version once more, with its secrets: they stay in the region. */
    private CompletionStage<ObjectNode> again(Call call) {
        VersionRecord live = live(call);
        ObjectNode version = FunctionFields.of(live);
        return SecretBundle.Key.of(live.task())
                .map(
                        key ->
                                settings.secrets()
                                        .values(key)
                                        .thenApply(values -> with(version, values)))
                .orElseGet(() -> CompletableFuture.completedFuture(version));
    }

    private static ObjectNode with(ObjectNode version, Optional<Map<String, String>> secrets) {
        ObjectNode all = version.putObject("secrets");
        secrets.orElseThrow(
                        () ->
                                new RefusedException(
                                        ErrorCode.REGION_UNREACHABLE,
                                        "The function's secrets have not come here yet."))
                .forEach(all::put);
        return version;
    }

    private CompletionStage<FunctionPackage> packed(Call call) {
        return CompletableFuture.supplyAsync(
                () -> FunctionPackage.read(call.arrival().file().orElseThrow()), worker);
    }

    /** As it was when its caller looked at it, where it says so. */
    private static Call unchanged(Call call, JsonBody said, ObjectNode version) {
        return call.about(Map.of(), JsonBody.of(version), FunctionRevision.condition(said));
    }

    private CompletionStage<Reply> published(
            Call about, ObjectNode version, FunctionPackage given, JsonBody said, int status) {
        FunctionPackage.Program program =
                given.program()
                        .orElseThrow(
                                () ->
                                        RefusedException.invalid(
                                                "ZipFile",
                                                "bring the program in an archive: code in buckets"
                                                        + " and images is not supported"));
        boolean publish = said.optionalFlag("Publish").orElse(false);
        FunctionFields.setCode(
                version, blobs.bring(about.account(), program.bytes()).value(), program.runtime());
        return publishing
                .publish(about)
                .<Reply>thenApply(
                        done -> new Reply.Whole(status, Map.of(), Optional.of(now(about, publish))))
                .exceptionallyCompose(FunctionOperations::unavailable);
    }

    /** It is kept, for nodes that will run it. */
    private static CompletionStage<Reply> unavailable(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        boolean isRuntime =
                cause instanceof RefusedException refused
                        && refused.problem().code() == ControlError.UNSUPPORTED_RUNTIME;
        return CompletableFuture.failedFuture(
                isRuntime
                        ? new RefusedException(
                                ErrorCode.RUNTIME_UNAVAILABLE,
                                "No node runs a bootstrap yet: bring a WebAssembly program,"
                                        + " NAME.wasm.")
                        : new CompletionException(cause));
    }

    /** Now: while a program came, others may have changed the function. */
    private VersionRecord live(Call call) {
        return settings.catalog().get().live(call.task()).orElseThrow(TaskOperations::notFound);
    }

    /** What is live now, after a write. */
    private ObjectNode now(Call call, boolean byNumber) {
        return configuration(call, settings.catalog().get(), live(call), byNumber);
    }

    private ObjectNode configuration(
            Call call, Catalog catalog, VersionRecord version, boolean byNumber) {
        return configurations.of(
                call,
                catalog,
                version,
                byNumber
                        ? Integer.toString(version.task().version())
                        : FunctionConfiguration.LATEST);
    }

    /** GetFunctionConfiguration. */
    CompletionStage<Reply> configuration(Call call) {
        return done(Reply.ok(asked(call)));
    }

    /** GetFunction. Code is nobody's to download. */
    CompletionStage<Reply> show(Call call) {
        ObjectNode json = ControlJson.object();
        json.set("Configuration", asked(call));
        json.putObject("Code").put("RepositoryType", "Runnel");
        TaskOperations.task(call, call.catalog())
                .value()
                .concurrent()
                .ifPresent(
                        most ->
                                json.putObject("Concurrency")
                                        .put("ReservedConcurrentExecutions", most));
        return done(Reply.ok(json));
    }

    private ObjectNode asked(Call call) {
        FunctionQualifier qualifier = FunctionQualifier.of(call);
        return configuration(call, call.catalog(), qualifier.version(call), !qualifier.isLatest());
    }

    /** ListFunctions. */
    CompletionStage<Reply> list(Call call) {
        String after = call.query("Marker").orElse("");
        int limit = (int) call.number("MaxItems", 1, MOST_LISTED, USUALLY_LISTED);
        List<TaskRef> all =
                call.catalog().tasks(call.account()).stream()
                        .map(TaskRecord::ref)
                        .filter(ref -> ref.name().value().compareTo(after) > 0)
                        .limit(limit + 1L)
                        .toList();
        ObjectNode json = ControlJson.object();
        ArrayNode functions = json.putArray("Functions");
        for (TaskRef ref : all.subList(0, Math.min(limit, all.size()))) {
            Call one = call.about(Map.of("task", ref.name().value()), call.body(), Map.of());
            call.catalog()
                    .live(ref)
                    .ifPresent(
                            live -> functions.add(configuration(one, call.catalog(), live, false)));
        }
        if (all.size() > limit) {
            json.put("NextMarker", all.get(limit - 1).name().value());
        }
        return done(Reply.ok(json));
    }

    /** DeleteFunction, with all its versions. */
    CompletionStage<Reply> delete(Call call) {
        FunctionQualifier.requireNone(
                call, "versions go with their function, or when a thousand newer ones are there");
        return tasks.delete(call);
    }

    /** PublishVersion: what is live has a number already. */
    CompletionStage<Reply> publish(Call call) {
        JsonBody said = call.body().knowing("CodeSha256", "RevisionId");
        VersionRecord live = live(call);
        requireSame(said, "CodeSha256", FunctionConfiguration.sha256(live));
        requireSame(
                said,
                "RevisionId",
                FunctionConfiguration.revision(call.catalog(), live.task().ref()));
        return done(
                new Reply.Whole(
                        201,
                        Map.of(),
                        Optional.of(configuration(call, call.catalog(), live, true))));
    }

    private static void requireSame(JsonBody said, String name, String is) {
        if (said.has(name) && !said.text(name).equals(is)) {
            throw new RefusedException(
                    ControlError.PRECONDITION_FAILED, "%s is %s".formatted(name, is));
        }
    }

    /** ListVersionsByFunction: what is live, then all by their numbers. */
    CompletionStage<Reply> versions(Call call) {
        VersionRecord live = live(call);
        int limit = (int) call.number("MaxItems", 1, MOST_LISTED, USUALLY_LISTED);
        int after = (int) call.number("Marker", 0, Integer.MAX_VALUE, 0);
        List<VersionRecord> all =
                call.catalog().versions(live.task().ref()).stream()
                        .filter(version -> version.task().version() > after)
                        .limit(limit + 1L)
                        .toList();
        ObjectNode json = ControlJson.object();
        ArrayNode versions = json.putArray("Versions");
        if (after == 0) {
            versions.add(configuration(call, call.catalog(), live, false));
        }
        List<VersionRecord> page = all.subList(0, Math.min(limit, all.size()));
        page.forEach(one -> versions.add(configuration(call, call.catalog(), one, true)));
        if (all.size() > limit) {
            json.put("NextMarker", Integer.toString(page.getLast().task().version()));
        }
        return done(Reply.ok(json));
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
