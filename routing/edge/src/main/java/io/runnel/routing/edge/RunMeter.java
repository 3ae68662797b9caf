package io.runnel.routing.edge;

import io.runnel.attestation.signature.SignatureV4;
import io.runnel.exec.isolate.Tenants;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.Usage;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageRecord;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a record of each run of a guest on this node, for who called it (US10203990: not for who
 * owns it), and has runs of versions that are tried counted. Safe for any thread; never blocks.
 */
public final class RunMeter {
    private final Consumer<UsageRecord> spool;
    private final CatalogHolder catalog;
    private final InstantSource clock;
    private final CanaryTally tally;

    /**
     * Puts records into a spool.
     *
     * @param spool takes one, if it can
     * @param catalog says where accounts are at home
     */
    public RunMeter(Consumer<UsageRecord> spool, CatalogHolder catalog, InstantSource clock) {
        this.spool = spool;
        this.catalog = catalog;
        this.clock = clock;
        this.tally = new CanaryTally(catalog);
    }

    /** One of whose records nobody knows; for where nothing is charged. */
    public static RunMeter ofNothing() {
        return new RunMeter(
                record -> {}, new CatalogHolder(System::nanoTime), InstantSource.system());
    }

    /** How calls ended of versions that are tried. */
    public CanaryTally canaries() {
        return tally;
    }

    /**
     * A call's guest has ended, or was ended.
     *
     * @param requestBytes how many bytes of the request's body had come
     */
    void ran(EdgeCall call, Outcome outcome, long requestBytes) {
        Usage took = outcome.usage();
        Optional<UsageOutcome> how = how(outcome);
        // Who was cancelled while he waited has used nothing.
        boolean ran = how.isPresent() && took.runNanos() > 0;
        AccountId payer = Tenants.of(call.version().task(), call.caller());
        Optional<RegionId> home =
                ran ? catalog.current().account(payer).map(AccountRecord::home) : Optional.empty();
        if (home.isPresent()) {
            spool.accept(record(call, payer, home.get(), how.get(), took, requestBytes));
        }
    }

    /** A call's answer was handed over, whatever it is. On the event loop. */
    void answered(EdgeCall call, Outcome outcome) {
        if (call.canary().isPresent()) {
            // Not before: what a guest wrote is read after it has ended.
            int status = call.exchange().response().getStatusCode();
            tally.ran(call.ref(), call.canary().get(), outcome, status);
        }
    }

    private UsageRecord record(
            EdgeCall call,
            AccountId payer,
            RegionId home,
            UsageOutcome how,
            Usage took,
            long requestBytes) {
        Task task = call.version().task();
        return new UsageRecord(
                call.exchange().id(),
                clock.millis(),
                payer,
                key(call.caller()),
                task.ref(),
                task.version(),
                home,
                took.start(),
                how,
                Math.max(0, took.startNanos()),
                took.runNanos(),
                Math.max(0, took.cpuNanos()),
                task.limits().memory().bytes(),
                requestBytes,
                Math.max(0, took.outputBytes()),
                call.by(),
                digest(call));
    }

    /** By what every node of ours has of it that it comes to. */
    private static RequestDigest digest(EdgeCall call) {
        HttpServerRequest request = call.exchange().request();
        Optional<String> signature =
                Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                        .filter(SignatureV4::isOne);
        return RequestDigest.of(
                request.method().name(),
                request.uri(),
                key(call.caller()).orElse(""),
                call.exchange().id().value(),
                signature.orElse(""));
    }

    private static Optional<String> key(Caller caller) {
        return switch (caller) {
            case Caller.Anonymous _ -> Optional.empty();
            case Caller.Keyed keyed -> Optional.of(keyed.keyId()).filter(id -> !id.isEmpty());
        };
    }

    private static Optional<UsageOutcome> how(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed _ -> Optional.of(UsageOutcome.COMPLETED);
            case Outcome.FunctionError _ -> Optional.of(UsageOutcome.FUNCTION_ERROR);
            case Outcome.Trapped _ -> Optional.of(UsageOutcome.TRAPPED);
            case Outcome.TimedOut _ -> Optional.of(UsageOutcome.TIMED_OUT);
            case Outcome.MemoryExceeded _ -> Optional.of(UsageOutcome.MEMORY_EXCEEDED);
            case Outcome.StackExceeded _ -> Optional.of(UsageOutcome.STACK_EXCEEDED);
            case Outcome.OutputExceeded _ -> Optional.of(UsageOutcome.OUTPUT_EXCEEDED);
            case Outcome.Cancelled _ -> Optional.of(UsageOutcome.CANCELLED);
            case Outcome.Moved _, Outcome.Refused _ -> Optional.empty();
        };
    }
}
