package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Publishing a version: its code is checked first, on a worker; then version and task are written
 * in one step. So nothing is ever half published, and nothing that would not run.
 */
final class Publishing {
    static final int MOST_TASKS = 10_000;

    /** Past it the oldest version that is not live goes with each new one. */
    static final int MOST_VERSIONS = 1000;

    /** Each time another deploy of the same task came first: so many at once all get through. */
    private static final int TRIES = 20;

    private final ControlSettings settings;
    private final Writes writes;
    private final BlobOwners owners;
    private final TaskOperations tasks;
    private final CodeCheck check;
    private final Executor worker;

    Publishing(
            ControlSettings settings,
            Writes writes,
            BlobOwners owners,
            TaskOperations tasks,
            Executor worker) {
        this.settings = settings;
        this.writes = writes;
        this.owners = owners;
        this.tasks = tasks;
        this.check = new CodeCheck(settings.codes(), settings.runtimes(), settings.nanoClock());
        this.worker = worker;
    }

    CompletionStage<Reply> publish(Call call) {
        TaskRef ref = call.task();
        VersionRequest wanted = VersionRequest.read(call.body(), settings.topology());
        requireMatch(call, call.catalog());
        if (call.catalog().task(ref).isEmpty()
                && call.catalog().taskCount(call.account()) >= MOST_TASKS) {
            throw AccountOperations.limit("tasks of an account", MOST_TASKS);
        }
        if (!owners.has(call.catalog(), call.account(), wanted.digest())) {
            throw new RefusedException(
                    ControlError.BLOB_NOT_FOUND,
                    "digest: bring the code first, by PUT /v1/blobs/" + wanted.digest());
        }
        return CompletableFuture.supplyAsync(() -> check.check(wanted), worker)
                .thenCompose(found -> copied(call, wanted, found));
    }

    /** What is acknowledged must outlive this node, and code is in no database. */
    private CompletionStage<Reply> copied(Call call, VersionRequest wanted, CodeCheck.Found found) {
        return settings.companions()
                .keep(wanted.digest())
                .exceptionallyCompose(
                        failure ->
                                CompletableFuture.failedFuture(
                                        new RefusedException(ControlError.NO_SECOND_COPY)))
                .thenComposeAsync(kept -> published(call, wanted, found), worker);
    }

    /** Secrets are kept before anything names them; those that no version came to name are not. */
    private CompletionStage<Reply> published(
            Call call, VersionRequest wanted, CodeCheck.Found found) {
        Optional<SecretBundle> bundle =
                settings.secrets().bundle(wanted.secrets(), settings.random());
        Checked checked = new Checked(wanted, found, bundle);
        return settings.secrets()
                .keeping(
                        checked.key(call.task()),
                        wanted.secrets(),
                        () ->
                                CompletableFuture.completedFuture(checked)
                                        .thenComposeAsync(its -> write(call, its, TRIES), worker));
    }

    /** What is to be published, and is fit for it. */
    private record Checked(
            VersionRequest wanted, CodeCheck.Found found, Optional<SecretBundle> bundle) {
        Optional<SecretBundle.Key> key(TaskRef task) {
            return bundle.map(its -> new SecretBundle.Key(task, its.id()));
        }
    }

    private static void requireMatch(Call call, Catalog catalog) {
        TaskRef ref = call.task();
        EntityTag.requireMatch(
                call, catalog.stampedTask(ref).map(t -> TaskOperations.tag(catalog, ref, t.seq())));
    }

    /** Checking took its time: what to write is decided by the catalog as it is now. */
    private CompletionStage<Reply> write(Call call, Checked checked, int triesLeft) {
        VersionRequest wanted = checked.wanted();
        Catalog now = settings.catalog().get();
        requireMatch(call, now);
        Optional<Stamped<TaskRecord>> before = now.stampedTask(call.task());
        if (before.isEmpty()) {
            AccountNames.requireFree(now, call.task(), RecordKind.TASK);
        }
        VersionRecord version = version(call, now, checked);
        requireRoom(now, version);
        Optional<AliasRecord> tried = tried(version, wanted, before.map(Stamped::value));
        TaskRecord task = task(version, wanted, before.map(Stamped::value));
        List<Draft> drafts = new ArrayList<>(List.of(Draft.of(version), Draft.of(task)));
        tried.map(Draft::of)
                .or(() -> TaskOperations.endOfCanary(now, task.ref()))
                .ifPresent(drafts::add);
        List<Precondition> preconditions =
                new ArrayList<>(AccountNames.free(task.ref(), RecordKind.TASK));
        Optional<Draft> retired = retired(now, before.map(Stamped::value), MOST_VERSIONS);
        if (retired.isPresent()) {
            drafts.add(retired.get());
            preconditions.add(ApiUses.asKnown(now, task.ref().account()));
        }
        preconditions.add(
                new Precondition(
                        RecordKind.TASK,
                        task.key(),
                        before.map(Stamped::seq).orElse(Precondition.ABSENT)));
        preconditions.add(Precondition.absent(RecordKind.VERSION, version.key()));
        return writes.write(
                        call,
                        drafts,
                        preconditions,
                        records -> reply(version, tried.isEmpty(), checked.found(), records),
                        records -> tasks.started(version.task(), records))
                .exceptionallyCompose(failure -> again(call, checked, triesLeft, failure));
    }

    /** All of the account's code within its quota, with what is new. */
    private static void requireRoom(Catalog now, VersionRecord version) {
        AccountId account = version.task().ref().account();
        OptionalInt most =
                now.account(account).map(it -> it.quota().codeMiB()).orElse(OptionalInt.empty());
        if (most.isEmpty() || now.usesCode(account, version.task().code())) {
            return;
        }
        long after = now.codeSize(account).bytes() + version.codeSize().bytes();
        if (after > ByteSize.ofMiB(most.getAsInt()).bytes()) {
            throw new RefusedException(
                    ControlError.LIMIT_REACHED,
                    "the account may have %d MiB of code, and with this it would have %s"
                            .formatted(most.getAsInt(), new ByteSize(after)));
        }
    }

    private CompletionStage<Reply> again(
            Call call, Checked checked, int triesLeft, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (Writes.isConflict(cause) && triesLeft > 1 && !EntityTag.isConditional(call)) {
            return write(call, checked, triesLeft - 1);
        }
        return TaskOperations.changed(call, new CompletionException(cause));
    }

    private VersionRecord version(Call call, Catalog now, Checked checked) {
        VersionRequest wanted = checked.wanted();
        TaskRef ref = call.task();
        int newest = now.task(ref).map(TaskRecord::newest).orElse(0);
        int number = Math.max(newest, now.highestVersion(ref)) + 1;
        Instant created = Instant.ofEpochMilli(settings.clock().millis());
        return new VersionRecord(
                wanted.task(ref, number, checked.bundle()),
                checked.found().size(),
                wanted.regions(),
                created);
    }

    private static TaskRecord task(
            VersionRecord version, VersionRequest wanted, Optional<TaskRecord> before) {
        int number = version.task().version();
        return new TaskRecord(
                version.task().ref(),
                wanted.canary().isPresent() ? before.orElseThrow().live() : number,
                number,
                wanted.everyone().or(() -> before.map(TaskRecord::everyone)).orElse(false),
                wanted.maxStale().or(() -> before.flatMap(TaskRecord::maxStale)),
                before.map(TaskRecord::concurrent).orElse(OptionalInt.empty()),
                before.flatMap(TaskRecord::events));
    }

    /** What the version gets, if it is to be tried first. */
    private static Optional<AliasRecord> tried(
            VersionRecord version, VersionRequest wanted, Optional<TaskRecord> before) {
        if (wanted.canary().isEmpty()) {
            return Optional.empty();
        }
        if (before.isEmpty()) {
            throw RefusedException.invalid(
                    "canary", "there is no version yet that it could be compared with");
        }
        OptionalInt number = OptionalInt.of(version.task().version());
        return Optional.of(
                new AliasRecord(
                        version.task().ref(),
                        AliasRecord.LIVE,
                        before.get().live(),
                        wanted.canary().map(canary -> AliasFields.canary(canary, number)),
                        Optional.empty()));
    }

    /** The version that goes with a new one, if there are as many as this. */
    static Optional<Draft> retired(Catalog now, Optional<TaskRecord> task, int most) {
        return task.map(t -> now.versions(t.ref()))
                .filter(versions -> versions.size() >= most)
                .flatMap(versions -> retired(now, task.get(), versions))
                .map(oldest -> Draft.deletion(RecordKind.VERSION, oldest.key()));
    }

    private static Optional<VersionRecord> retired(
            Catalog now, TaskRecord task, List<VersionRecord> versions) {
        Set<Integer> routed = ApiUses.versions(now, task.ref());
        return versions.stream()
                .filter(version -> version.task().version() != task.live())
                .filter(version -> !isNamed(now, version))
                .filter(version -> !routed.contains(version.task().version()))
                .findFirst();
    }

    private static boolean isNamed(Catalog now, VersionRecord version) {
        return now.aliases(version.task().ref()).stream()
                .anyMatch(alias -> alias.value().uses(version.task().version()));
    }

    private static Reply.Whole reply(
            VersionRecord version, boolean live, CodeCheck.Found found, List<FeedRecord> records) {
        TaskRef ref = version.task().ref();
        int number = version.task().version();
        ObjectNode json = ControlJson.object();
        ControlJson.put(json, version, live);
        ObjectNode inspection = json.putObject("inspection");
        inspection.put("milliseconds", found.took().toNanos() / 1e6);
        inspection.put("initialMemoryBytes", found.report().initialMemory().bytes());
        inspection.put("functions", found.report().functions());
        ArrayNode notes = inspection.putArray("notes");
        found.report().notes().forEach(notes::add);
        FeedRecord last = records.getLast();
        FeedRecord task = records.get(1);
        ObjectNode position = json.putObject("position");
        position.put("origin", last.origin().value());
        position.put("log", last.log());
        position.put("seq", last.seq());
        return Reply.created("/v1/tasks/%s/versions/%d".formatted(ref.name(), number), json)
                .with("ETag", EntityTag.of(task.log(), task.seq()));
    }
}
