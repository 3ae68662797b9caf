package io.runnel.region.server;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.hazelcast.MemberSettings;
import io.runnel.cluster.hazelcast.RegionCluster;
import io.runnel.cluster.replication.Checking;
import io.runnel.cluster.replication.CodeFetcher;
import io.runnel.cluster.replication.CodeSweep;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Qualification;
import io.runnel.cluster.replication.SealedFetcher;
import io.runnel.cluster.replication.SecretFetcher;
import io.runnel.exec.admin.DrainPage;
import io.runnel.exec.admin.ExecutionsPage;
import io.runnel.exec.admin.IdentityPage;
import io.runnel.exec.admin.LimitPage;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.TaskExchange;
import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.LoadReport;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.node.Intake;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.outbound.OutboundClient;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.ApiLibrary;
import io.runnel.routing.edge.CallGates;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.edge.SignedCalls;
import io.runnel.routing.journal.AccessAudit;
import io.runnel.routing.journal.AccessPage;
import io.runnel.routing.journal.CacheMeters;
import io.runnel.routing.journal.CallJournal;
import io.runnel.routing.journal.CallLog;
import io.runnel.routing.journal.CallPage;
import io.runnel.routing.journal.NodeMeters;
import io.runnel.routing.journal.UsageMeters;
import io.runnel.routing.placement.Access;
import io.runnel.routing.placement.EligibleRegions;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.RegionNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** A region's node: everything wired, in the order in which it starts; closed the other way. */
final class RegionServer implements AutoCloseable {
    private static final int QUEUE = 512;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration TO_DRAIN = Duration.ofSeconds(8);

    /** So long POPs may take to hear that it leaves: they ask every half second. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    /** Of connections that users keep while the node is empty. */
    private static final Duration TO_LET_GO = Duration.ofSeconds(30);

    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
    private static final Duration NOTES_EVERY = Duration.ofSeconds(1);
    private static final long ROLLOUT_EVERY_MS = 50;
    private static final Duration ROLLOUT_WAIT = Duration.ofSeconds(30);

    private final LongSupplier nanoClock = System::nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final CallJournal journal = new CallJournal();
    private final NodeMeters meters = new NodeMeters();
    private final HttpCache answers = CallGates.cache(Runtime.getRuntime().maxMemory());
    private final RegionFacts facts;
    private final Intake intake;
    private final RegionState state;
    private final RegionIdentity identity;
    private final Qualification qualified;
    private final RegionCluster cluster;
    private final InternalClient client;
    private final Sightings sightings;
    private final RollCall rollCall;
    private final RegionFollowers followers;
    private final OutboundClient outbound;
    private final RegionForecasts forecasts;
    private final TaskRunner runner;
    private final Optional<Siblings> siblings;
    private final RegionLogs logs;
    private final RegionUsage usage;
    private final AccessAudit audit;
    private final RegionEvents events;
    private final RegionListeners listeners;
    private final RegionStatus status;
    private final NetworkPicture picture;
    private final RolloutBoard rollout;
    private final Canaries canaries;
    private final StockPage stock;
    private final RegionControl control;

    /** Starts; everything is up when it returns. */
    static RegionServer start(NodeArguments arguments) throws Exception {
        return start(arguments, InstantSource.system());
    }

    /** The same by another clock. */
    static RegionServer start(NodeArguments arguments, InstantSource clock) throws Exception {
        return new RegionServer(RegionFacts.read(arguments), clock);
    }

    private RegionServer(RegionFacts facts, InstantSource clock) throws Exception {
        this.facts = facts;
        this.intake = Intake.of(facts.folder());
        NodeTrust trust = NodeTrust.of(new AuthorityFolder(facts.folder().data()));
        RegionSeals seals = RegionSeals.of(facts, trust, random);
        this.state = RegionState.open(facts, seals, nanoClock, random);
        this.identity = new RegionIdentity(vertx, facts, trust, state.store(), random, clock);
        identity.start(vertx, disk);
        this.qualified = new Qualification(state.catalog()::current, identity.document());
        this.cluster =
                RegionCluster.start(
                        new MemberSettings(
                                facts.node().name(),
                                facts.region().name(),
                                facts.node().cluster(),
                                facts.siblings().stream().map(RegionNode::cluster).toList(),
                                facts.token(),
                                identity.security(),
                                MemberSettings.STATUS_LIFE));
        this.client = identity.client();
        this.sightings = new Sightings(facts.node().name(), facts.mates().keySet(), nanoClock);
        this.rollCall = callRoll();
        this.outbound = OutboundClient.ofNode(vertx, facts.topology().hosts(), nanoClock);
        RegionRuntimes runtimes =
                RegionRuntimes.of(facts, outbound, identity.identity(), clock, nanoClock, random);
        CodeFetcher fetcher =
                new CodeFetcher(
                        client, state.codes(), disk, CodeFetcher.Settings.DEFAULT, nanoClock);
        CodeBringer fromOthers = digest -> fetcher.fetch(digest, facts.codeSources());
        this.forecasts =
                new RegionForecasts(
                        facts.siblings().stream().map(RegionNode::name).collect(Collectors.toSet()),
                        facts.node().slots(),
                        new PlanCarriers(
                                facts.node().name(),
                                facts.region().nodes().size(),
                                state.store(),
                                nanoClock),
                        this::live,
                        fromOthers,
                        account -> state.catalog().current().warmShare(account),
                        clock);
        this.runner =
                new TaskRunner(
                        new RunnerSettings(
                                facts.node().slots(), facts.node().memory(), QUEUE, LONGEST_WAIT),
                        runtimes.all(),
                        state.codes(),
                        fromOthers,
                        forecasts,
                        nanoClock);
        forecasts.of(RegionForecasts.Calls.of(runner, clock));
        this.siblings =
                Siblings.of(vertx, facts, runner, identity.transport()::client, random, nanoClock);
        this.logs = RegionLogs.start(vertx, facts, state, client, random, clock);
        this.audit = AccessAudit.start(vertx, facts.folder().access(), disk, clock);
        this.usage = RegionUsage.start(vertx, facts, state, client, disk, random, clock, nanoClock);
        CallSecrets callSecrets = new CallSecrets(state.secrets());
        LocalCalls local =
                new LocalCalls(
                        new TaskExchange(runner, clock),
                        facts.place(),
                        callSecrets,
                        logs,
                        usage.meter(),
                        clock);
        SealedFetcher sealed = new SealedFetcher(client, identity.identity(), disk);
        SecretKeeper secrets =
                new SecretKeeper(
                        state.secrets(),
                        new SecretFetcher(sealed),
                        facts.codeSources(),
                        qualified.and(
                                version ->
                                        EligibleRegions.of(version, facts.topology())
                                                .include(facts.region().name())));
        CodeKeeper keeper =
                new CodeKeeper(
                        state.catalog(),
                        state.codes(),
                        fetcher,
                        facts.codeSources(),
                        qualified,
                        secrets::check,
                        this::prepare);
        this.stock = new StockPage(keeper, runner);
        this.status =
                new RegionStatus(facts, runner, local, keeper, usage.meter().canaries(), clock);
        this.followers =
                RegionFollowers.start(
                        vertx,
                        facts,
                        state,
                        client,
                        new Checking(seals.check(), disk),
                        random,
                        nanoClock);
        this.picture =
                new NetworkPicture(
                        cluster,
                        client,
                        facts.others().stream().flatMap(r -> facts.peers(r).stream()).toList());
        this.canaries = new Canaries(state.store(), state.catalog(), picture::view, clock);
        this.rollout =
                new RolloutBoard(
                        facts.topology(),
                        () -> state.catalog().current().positions(),
                        picture::view,
                        nanoClock);
        RegionMates mates =
                new RegionMates(
                        facts, sightings::seen, () -> followers.haveHeard(), client, fetcher);
        SignedCalls signed = CallerSignatures.checked(facts, state, sealed, disk, clock);
        this.control =
                RegionControl.start(
                        vertx,
                        facts,
                        state,
                        runtimes.all(),
                        picture,
                        mates,
                        rollout,
                        new PublicDocuments(outbound),
                        identity,
                        signed,
                        disk,
                        clock,
                        nanoClock,
                        random);
        this.events = RegionEvents.of(facts, state, mates, identity, logs, disk, random, clock);
        Optional<CallMoves> moves = runtimes.moves(facts, client, intake, random);
        RegionFit fit = new RegionFit(facts.region(), qualified);
        ArrivalDoor arrivals =
                new ArrivalDoor(
                        vertx,
                        runtimes.machines(),
                        fit,
                        state.catalog()::current,
                        runner,
                        state.codes(),
                        fromOthers);
        RegionEdge edge =
                new RegionEdge(
                        fit,
                        runner,
                        local,
                        siblings,
                        arrivals::claim,
                        callSecrets::areHere,
                        events.intake(),
                        new CallLog(journal, meters.calls(), clock, nanoClock));
        EdgeFront front =
                new EdgeFront(
                        state.catalog(),
                        new Access(nanoClock.getAsLong()),
                        new ApiLibrary(disk),
                        facts.topology()::apiOf,
                        audit,
                        signed,
                        identity.callers(disk),
                        clock,
                        nanoClock,
                        this::ready,
                        () -> identity.identity().publishedKeys(clock.instant()),
                        CallGates.of(
                                state.catalog(),
                                runner,
                                random.nextLong(),
                                clock,
                                nanoClock,
                                disk,
                                answers,
                                edge::handle));
        this.listeners =
                RegionListeners.start(
                        new RegionListeners.Inside(
                                front,
                                control.api(),
                                picture,
                                mates,
                                rollCall,
                                new Together(mates, state.store(), facts.node().name(), nanoClock),
                                runner,
                                List.of(
                                        new CallPage(journal),
                                        new AccessPage(audit),
                                        new LimitPage(runner::limits),
                                        new ExecutionsPage(moves),
                                        new DrainPage(intake, this::calls, Map::of),
                                        new IdentityPage(
                                                identity.identity(), identity.facts(), clock),
                                        meters),
                                new NodeLoad(runner),
                                stock,
                                identity,
                                usage.intake(),
                                events,
                                arrivals,
                                intake),
                        vertx,
                        facts,
                        state,
                        seals.check().authorities(),
                        disk,
                        clock,
                        nanoClock);
        meters.counter(
                "runnel.records.refused",
                "Records that came, or were read, and that their origin did not write",
                followers,
                each -> each.refused() + state.store().unsound());
        meters.watchAuthority(() -> identity.identity().authoritySeconds(clock.instant()));
        siblings.ifPresent(others -> others.start(listeners.listen()));
        meters.watch(runner);
        meters.watch(listeners.internal());
        UsageMeters.register(meters, usage.spools().own());
        CacheMeters.register(meters, answers);
        listeners.listen().tellLateness(runner::loopLate);
        listeners.internal().tellLateness(runner::loopLate);
        listeners.turnAway(!intake.isOpen(), TO_LET_GO);
        intake.onChange(() -> listeners.turnAway(!intake.isOpen(), TO_LET_GO));
        intake.onChange(() -> disk.execute(this::publish));
        events.start(vertx, intake, meters);
        keepStatusKnown(keeper);
        shareForecasts();
        CodeSweep sweep =
                new CodeSweep(
                        // What was deployed here is held here, wherever it may run.
                        state.codes(), state.catalog()::current, all -> true, clock, nanoClock);
        vertx.setPeriodic(CodeSweep.EVERY.toMillis(), tick -> disk.execute(sweep::sweep));
    }

    /** From the start on: by the time that this node listens the others may have let it in. */
    private RollCall callRoll() {
        Admission admission =
                new Admission(
                        facts.node().name(),
                        facts.region().nodes().size(),
                        sightings::seen,
                        state.store(),
                        nanoClock);
        RollCall roll =
                new RollCall(
                        facts.node().name(),
                        facts.mates(),
                        InternalClient.from(
                                facts.node().internal().host(), identity.transport()::client),
                        sightings,
                        nanoClock,
                        admission::look);
        if (!facts.siblings().isEmpty()) {
            vertx.setPeriodic(0, RollCall.EVERY.toMillis(), tick -> roll.ask());
            vertx.setPeriodic(Admission.EVERY.toMillis(), tick -> admission.look());
        }
        return roll;
    }

    private void shareForecasts() {
        vertx.setPeriodic(PlanCarriers.EVERY.toMillis(), tick -> forecasts.look());
        if (!facts.siblings().isEmpty()) {
            vertx.setPeriodic(
                    NOTES_EVERY.toMillis(),
                    tick -> disk.execute(() -> forecasts.exchange(cluster)));
        }
    }

    private void keepStatusKnown(CodeKeeper keeper) {
        // A deploy waits for this region's word that it holds the code: at once, not with the tick.
        keeper.onArrival(() -> disk.execute(() -> checkAndPublish(keeper)));
        state.catalog().onChange((before, after) -> disk.execute(() -> checkAndPublish(keeper)));
        vertx.setPeriodic(
                0, STATUS_EVERY.toMillis(), tick -> disk.execute(() -> checkAndPublish(keeper)));
        picture.start(vertx, STATUS_EVERY);
        cluster.onChange(view -> rollout.look());
        vertx.setPeriodic(ROLLOUT_EVERY_MS, tick -> lookAtRollouts());
        waitForCluster();
        checkAndPublish(keeper);
    }

    /** Who has no certificate is in no cluster, and serves users all the same. */
    private void waitForCluster() {
        if (identity.identity().certificate().isPresent()) {
            cluster.ready().join();
        }
    }

    /** While somebody waits for a publication the other regions are asked more often. */
    private void lookAtRollouts() {
        if (rollout.isWaited(ROLLOUT_WAIT)) {
            picture.refresh();
            rollout.look();
        }
    }

    private void checkAndPublish(CodeKeeper keeper) {
        // A region needs nobody to confirm what it writes itself.
        state.catalog().confirmed(facts.region().name(), Duration.ZERO);
        keeper.check();
        stock.look();
        publish();
        var unused = canaries.look();
    }

    private void publish() {
        cluster.publish(
                status.now(intake.isOpen() ? NodeStatus.State.READY : NodeStatus.State.DRAINING));
    }

    private EdgeFront.Ready ready() {
        if (!intake.isOpen()) {
            return EdgeFront.Ready.DRAINING;
        }
        return identity.identity().isRevoked() ? EdgeFront.Ready.NOT_YET : EdgeFront.Ready.YES;
    }

    private int calls() {
        LoadReport load = runner.loadReport();
        int elsewhere = siblings.map(Siblings::away).orElse(0);
        return load.running() + load.waiting() + elsewhere;
    }

    /** Done when POPs have had time to hear that it takes no more. */
    private void giveNotice() {
        boolean knownAlready = !intake.isOpen();
        intake.leave();
        cluster.publish(status.now(NodeStatus.State.DRAINING));
        if (!knownAlready) {
            vertx.timer(NOTICE.toMillis(), TimeUnit.MILLISECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    /** What is new is opened by one node of the region only; the others have its code. */
    private void prepare(Task task) {
        if (facts.fallsHere(task.ref())) {
            var unused = runner.prepare(task);
        }
    }

    /** What a call of this task would run here now. */
    private Optional<Task> live(TaskRef called) {
        return state.catalog().current().live(called).filter(qualified).map(VersionRecord::task);
    }

    @Override
    public void close() {
        giveNotice();
        // Who follows a log would follow it for ever.
        control.endStreams();
        listeners.drain(TO_DRAIN);
        control.close();
        followers.close();
        runner.close();
        outbound.close();
        logs.close();
        usage.close();
        siblings.ifPresent(Siblings::close);
        events.close();
        identity.close();
        rollCall.close();
        state.store().close();
        cluster.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        disk.close();
        audit.close();
        meters.close();
    }
}
