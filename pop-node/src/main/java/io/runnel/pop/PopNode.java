package io.runnel.pop;

import io.runnel.cluster.replication.CodeFetcher;
import io.runnel.cluster.replication.CodeSweep;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.LogLine;
import io.runnel.cluster.replication.LogShipper;
import io.runnel.cluster.replication.SealCheck;
import io.runnel.cluster.replication.SealedFetcher;
import io.runnel.cluster.replication.SecretFetcher;
import io.runnel.exec.admin.DrainPage;
import io.runnel.exec.admin.ExecutionsPage;
import io.runnel.exec.admin.IdentityPage;
import io.runnel.exec.admin.LimitPage;
import io.runnel.exec.http.ConnectionLimits;
import io.runnel.exec.http.ListenerSettings.PortSharing;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.NodeVertx;
import io.runnel.exec.http.TaskExchange;
import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.Clocks;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.CodeSupply;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.node.Intake;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.Succeeded;
import io.runnel.exec.outbound.OutboundClient;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.ApiLibrary;
import io.runnel.routing.edge.CallGates;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.EdgeFront;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.edge.SignedCalls;
import io.runnel.routing.forward.ForwardSettings;
import io.runnel.routing.forward.HealthSettings;
import io.runnel.routing.forward.RegionForwarder;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionLink;
import io.runnel.routing.forward.RegionState;
import io.runnel.routing.journal.AccessAudit;
import io.runnel.routing.journal.AccessPage;
import io.runnel.routing.journal.CacheMeters;
import io.runnel.routing.journal.CallJournal;
import io.runnel.routing.journal.CallLog;
import io.runnel.routing.journal.CallPage;
import io.runnel.routing.journal.NodeMeters;
import io.runnel.routing.journal.UsageMeters;
import io.runnel.routing.placement.Access;
import io.runnel.routing.placement.Fit;
import io.runnel.routing.placement.Placer;
import io.runnel.routing.placement.Popularity;
import io.runnel.routing.placement.RegionRanking;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.Pop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A point of presence: everything wired, in the order in which it starts; closed the other way. It
 * starts whether or not a region can be reached, with the catalog that it had.
 */
final class PopNode implements Succeeded {
    private static final int QUEUE = 64;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration TO_DRAIN = Duration.ofSeconds(8);

    /** Where another process takes over there is no hurry: as long as calls may take here. */
    private static final Duration TO_FINISH = Duration.ofSeconds(35);

    private static final long STATUS_EVERY_MS = 1_000;
    private static final long CONTACTS_EVERY_MS = 5_000;

    private final Clocks clocks;
    private final LongSupplier nanoClock;
    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();
    private final LongAdder calls = new LongAdder();
    private final CallJournal journal = new CallJournal();
    private final NodeMeters meters = new NodeMeters();
    private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpCache answers = CallGates.cache(Runtime.getRuntime().maxMemory());
    private final Vertx vertx = NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT);
    private final PopFacts facts;
    private final CatalogHolder catalog;
    private final Intake intake;
    private final PopTenure tenure;
    private final Contacts earlier;
    private final InternalClient client;
    private final RegionHealth health;
    private final RegionViews views;
    private final RegionForwarder forwarder;
    private final OutboundClient outbound;
    private final PopIdentity identity;
    private final Qualifications qualifications;
    private final SignedCalls signed;
    private final HeldSecrets secrets;
    private final TaskRunner runner;
    private final Optional<CallMoves> moves;
    private final LogShipper logs;
    private final PopUsage usage;
    private final AccessAudit audit;
    private final PopListeners listeners;
    private final NodeListener listener;
    private final CallPlacing placing;
    private final PopStatus status;

    /** Starts; it answers when it returns. */
    static PopNode start(NodeArguments arguments) throws Exception {
        return new PopNode(
                PopFacts.read(arguments),
                new Clocks(System::nanoTime),
                arguments.takesOver() ? PortSharing.WITH_PREDECESSOR : PortSharing.WITH_SUCCESSOR);
    }

    /** Starts by these clocks; it answers when it returns. */
    PopNode(PopFacts facts, Clocks clocks, PortSharing sharing) throws Exception {
        this.facts = facts;
        this.clocks = clocks;
        this.nanoClock = clocks.nanos();
        this.catalog = new CatalogHolder(nanoClock);
        // Before anything runs: an operator's slip is told at once.
        this.listeners = new PopListeners(vertx, facts, disk, random, clock, nanoClock);
        this.identity = new PopIdentity(vertx, facts, disk, random, clock);
        Future<Void> certified = identity.start();
        this.client = identity.client();
        this.tenure =
                new PopTenure(
                        new PopTenure.Parts(
                                vertx,
                                facts,
                                catalog,
                                client,
                                new SealCheck(identity.trust()),
                                identity.security(),
                                certified,
                                disk,
                                random,
                                clock,
                                nanoClock,
                                this::listenForOperators));
        this.earlier = tenure.begin();
        this.intake = Intake.of(facts.folder());
        this.qualifications =
                Qualifications.of(facts, catalog::current, identity, disk, clock, nanoClock);
        CodeStore codes = new CodeStore(facts.folder().code());
        this.health =
                new RegionHealth(
                        vertx,
                        HealthSettings.DEFAULT,
                        RegionLink.from(facts.pop().name().value(), facts.topology()),
                        identity.transport()::client,
                        nanoClock);
        this.views = new RegionViews(health);
        this.forwarder =
                new RegionForwarder(
                        vertx,
                        ForwardSettings.of(facts.pop().node()),
                        RegionLink.from(facts.pop().name().value(), facts.topology()),
                        health,
                        identity.transport()::client,
                        random,
                        nanoClock);
        this.outbound = OutboundClient.ofNode(vertx, facts.topology().hosts(), nanoClock);
        CodeFetcher fetcher =
                new CodeFetcher(client, codes, disk, CodeFetcher.Settings.DEFAULT, nanoClock);
        SealedFetcher sealed = new SealedFetcher(client, identity.identity(), disk);
        this.signed = CallerSignatures.checked(facts, catalog::current, sealed, disk, clock);
        this.secrets =
                new HeldSecrets(
                        new SecretFetcher(sealed), facts.regions(), this::mayKnow, nanoClock);
        PopRuntimes runtimes =
                PopRuntimes.of(facts, outbound, identity.identity(), clock, nanoClock, random);
        this.runner = runner(runtimes, codes, fetcher);
        this.moves =
                runtimes.moves(vertx, facts, client, intake, () -> runner.freeSlots() == 0, random);
        this.logs =
                new LogShipper(
                        vertx,
                        facts.pop().node(),
                        this::home,
                        facts.logSinks(client),
                        LogShipper.Settings.DEFAULT,
                        random);
        this.audit = AccessAudit.start(vertx, facts.folder().access(), disk, clock);
        this.usage = PopUsage.start(vertx, facts, catalog, client, disk, random, clock);
        this.placing = placing(facts.pop().running(runtimes.kinds()));
        LocalCalls local =
                new LocalCalls(
                        new TaskExchange(runner, clock),
                        facts.place(),
                        secrets::of,
                        this::log,
                        usage.meter(),
                        clock);
        this.status =
                new PopStatus(
                        facts, runner, local, usage.meter().canaries(), calls::sum, catalog, clock);
        // Before that it would hear from each region only that it does not know it.
        certified.onComplete(
                asked -> {
                    health.start();
                    qualifications.there().start(vertx);
                });
        PopEdge edge = edge(local, placing);
        this.listener = listen(edge, sharing);
        tenure.start();
        meters.watch(runner);
        ForwardMeters.register(meters, forwarder);
        UsageMeters.register(meters, usage.spools().own());
        CacheMeters.register(meters, answers);
        meters.watch(listener);
        listeners.watch(meters);
        meters.counter(
                "runnel.records.refused",
                "Records that came and that their origin did not write",
                tenure,
                PopTenure::refused);
        meters.watchAuthority(() -> identity.identity().authoritySeconds(clock.instant()));
        listener.onEachLoop(forwarder::prepare);
        listener.tellLateness(runner::loopLate);
        listener.turnAway(!intake.isOpen(), TO_FINISH);
        intake.onChange(() -> listener.turnAway(!intake.isOpen(), TO_FINISH));
        intake.onChange(this::publish);
        catalog.onChange((before, after) -> publish());
        vertx.setPeriodic(CONTACTS_EVERY_MS, tick -> disk.execute(tenure::keepContacts));
        CodeSweep sweep =
                new CodeSweep(codes, catalog::current, qualifications.here(), clock, nanoClock);
        vertx.setPeriodic(CodeSweep.EVERY.toMillis(), tick -> disk.execute(sweep::sweep));
        vertx.setPeriodic(
                Popularity.TEND_EVERY.toMillis(),
                tick -> disk.execute(() -> placing.placer().popularity().tend(demandNanos())));
        vertx.setPeriodic(0, STATUS_EVERY_MS, tick -> publish());
        vertx.setPeriodic(HeldSecrets.TEND_EVERY.toMillis(), tick -> secrets.tend());
    }

    private TaskRunner runner(PopRuntimes runtimes, CodeStore codes, CodeFetcher fetcher) {
        return new TaskRunner(
                runnerSettings(),
                runtimes.all(),
                codes,
                // A caller is rather forwarded than made to wait for code.
                CodeBringer.NONE,
                CodeSupply.of(
                        this::live,
                        digest -> fetcher.fetch(digest, facts.regions()),
                        account -> catalog.current().warmShare(account)),
                clocks);
    }

    private RunnerSettings runnerSettings() {
        return new RunnerSettings(facts.pop().slots(), facts.pop().memory(), QUEUE, LONGEST_WAIT);
    }

    private CallPlacing placing(Pop here) {
        Popularity popularity =
                new Popularity(
                        demandNanos(),
                        random,
                        runnerSettings().warm().bytes(),
                        facts.pop().slots());
        return new CallPlacing(
                facts.topology(),
                here,
                new Placer(
                        popularity,
                        new RegionRanking(facts.pop().region(), facts.pop().failover())),
                runner,
                views::view,
                stocks(),
                qualifications,
                secrets,
                () -> intake.state() == Intake.State.DRAINING,
                this::demandNanos);
    }

    private RegionStocks stocks() {
        RegionStocks stocks = new RegionStocks(catalog::current, nanoClock);
        health.onStock(stocks::told);
        health.onChange(
                (node, state) -> {
                    if (state.reach() == RegionState.Reach.DOWN) {
                        stocks.gone(node);
                    }
                });
        return stocks;
    }

    private PopEdge edge(LocalCalls local, CallPlacing placing) {
        CallLog log = new CallLog(journal, meters.calls(), clock, nanoClock);
        return new PopEdge(
                new PopEdge.PopParts(
                        placing,
                        placing.regions(),
                        runner,
                        local,
                        new RegionForwarding(forwarder, nanoClock, placing),
                        new RegionWait(vertx, health, identity.identity()::isRevoked, nanoClock),
                        new CodeReplicator(runner, secrets),
                        secrets,
                        log));
    }

    /** Popularity goes by the same clock as the rest of what is known of demand. */
    private long demandNanos() {
        return TimeUnit.MILLISECONDS.toNanos(clocks.millis().getAsLong());
    }

    private NodeListener listen(PopEdge edge, PortSharing sharing) {
        EdgeFront front =
                new EdgeFront(
                        catalog,
                        new Access(nanoClock.getAsLong(), earlier),
                        new ApiLibrary(disk),
                        facts.topology()::apiOf,
                        audit,
                        signed,
                        identity.callers(),
                        clock,
                        nanoClock,
                        this::ready,
                        () -> identity.identity().publishedKeys(clock.instant()),
                        CallGates.of(
                                catalog,
                                runner,
                                random.nextLong(),
                                clock,
                                nanoClock,
                                disk,
                                answers,
                                call -> count(edge, call)));
        FunctionForwarding functions =
                new FunctionForwarding(
                        forwarder,
                        catalog::current,
                        facts.pop().regions(),
                        front::handle,
                        nanoClock,
                        new AtomicInteger());
        return listeners.forUsers(sharing, functions::handle);
    }

    private Future<NodeListener> listenForOperators() {
        return listeners.forOperators(
                runner,
                List.of(
                        new CallPage(journal),
                        new AccessPage(audit),
                        new LimitPage(runner::limits),
                        new ExecutionsPage(moves),
                        new IdentityPage(identity.identity(), identity.facts(), clock),
                        new ExplainPage(catalog, usage.meter().canaries(), placing),
                        new DrainPage(
                                intake,
                                listener::inFlight,
                                () -> views.reach(facts.topology().regions())),
                        meters));
    }

    private void count(PopEdge edge, EdgeCall call) {
        calls.increment();
        edge.handle(call);
    }

    /**
     * Whether it has a catalog, be it from a region now or from its last run, and has heard from
     * each region, or in vain: before that it would send calls to the first that answers. One that
     * was revoked, or is not what its network asks for, is not to get users.
     */
    private boolean isReady() {
        return !catalog.current().positions().of().isEmpty()
                && health.knowsAll()
                && qualifications.there().knowsAll()
                && identity.document().meets(qualifications.traffic())
                && !identity.identity().isRevoked();
    }

    private EdgeFront.Ready ready() {
        if (!intake.isOpen()) {
            return EdgeFront.Ready.DRAINING;
        }
        return isReady() ? EdgeFront.Ready.YES : EdgeFront.Ready.NOT_YET;
    }

    /** What a call of this task would run now, if it may run at this POP. */
    private Optional<Task> live(Task called) {
        return catalog.current()
                .live(called.ref())
                .filter(version -> qualifications.fit(version, facts.pop()) == Fit.FITS)
                .map(VersionRecord::task);
    }

    /** Whether a version is still there, and this POP is one that may know its secrets. */
    private boolean mayKnow(Task held) {
        return !identity.identity().isRevoked()
                && catalog.current()
                        .version(held.ref(), held.version())
                        .filter(version -> version.task().equals(held))
                        .filter(version -> qualifications.fit(version, facts.pop()) == Fit.FITS)
                        .isPresent();
    }

    /** What runs calls here. */
    TaskRunner runner() {
        return runner;
    }

    /** Where users come in. */
    int port() {
        return listener.port();
    }

    /** Where operators come in. */
    int adminPort() {
        return tenure.adminPort();
    }

    private void publish() {
        tenure.publish(
                status.now(intake.isOpen() ? NodeStatus.State.READY : NodeStatus.State.DRAINING));
    }

    private Optional<RegionId> home(TaskRef task) {
        return catalog.current().account(task.account()).map(AccountRecord::home);
    }

    private void log(TaskRef task, RequestId request, String text) {
        logs.ship(new LogLine(task, request, clock.instant(), facts.place(), text));
    }

    @Override
    public void letGo() {
        tenure.letGo();
    }

    @Override
    public void takeBack() {
        tenure.takeBack();
    }

    @Override
    public void close() {
        intake.leave();
        Duration patience = tenure.isHeld() ? TO_DRAIN : TO_FINISH;
        listener.drain(patience).toCompletionStage().toCompletableFuture().join();
        tenure.close();
        runner.close();
        outbound.close();
        logs.close(Duration.ofSeconds(1)).join();
        usage.close();
        forwarder.close();
        health.close();
        identity.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        disk.close();
        audit.close();
        meters.close();
    }
}
