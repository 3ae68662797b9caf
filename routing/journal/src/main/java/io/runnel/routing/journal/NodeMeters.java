package io.runnel.routing.journal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.isolate.LoadReport;
import io.runnel.exec.isolate.PoolReport;
import io.runnel.exec.isolate.TaskRunner;
import io.vertx.core.buffer.Buffer;

import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/**
 * All that a node measures of itself, as Prometheus reads it at {@code /metrics}. Safe for any
 * thread; what is read from a runner or a listener is read when somebody asks.
 */
public final class NodeMeters implements AdminPage, AutoCloseable {
    private static final String PATH = "/metrics";
    private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Measures the process, and whatever is added later. */
    public NodeMeters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** The meters of calls. */
    public CallMeters calls() {
        return new CallMeters(registry);
    }

    /** Slots, memory and what is warm. */
    public void watch(TaskRunner runner) {
        gauge("runnel.slots.free", "Slots that nobody holds", runner, TaskRunner::freeSlots);
        gauge(
                "runnel.slots.expected.wait.seconds",
                "How long a call would wait for a slot now",
                runner,
                each -> each.expectedWait().toNanos() / 1e9);
        counter("runnel.calls.started", "Calls given to a slot", runner, TaskRunner::started);
        load(
                "runnel.load.percent",
                "How loaded it says it is; 100: full",
                LoadReport::percent,
                runner);
        load("runnel.calls.running", "Calls that run", LoadReport::running, runner);
        load("runnel.queue.calls", "Calls that wait for a slot", LoadReport::waiting, runner);
        load(
                "runnel.limit.running",
                "Most calls that may run now",
                LoadReport::mostRunning,
                runner);
        load(
                "runnel.limit.waiting",
                "Most calls that may wait now",
                LoadReport::mostWaiting,
                runner);
        counter(
                "runnel.queue.waited",
                "Calls that waited and got a slot",
                runner,
                each -> each.loadReport().waited());
        counter(
                "runnel.queue.waited.seconds",
                "How long those waited, in all",
                runner,
                each -> each.loadReport().waitedNanos() / 1e9);
        counter(
                "runnel.queue.in.vain",
                "Calls that waited and got none",
                runner,
                each -> each.loadReport().waitedInVain());
        pool("runnel.warm.bytes", "Memory of what is warm", runner, PoolReport::usedBytes);
        pool("runnel.warm.programs", "Programs that are open", runner, PoolReport::programs);
        pool("runnel.warm.isolates", "Isolates that are idle", runner, PoolReport::idleIsolates);
        counter(
                "runnel.starts.warm",
                "Calls that found their program open",
                runner,
                each -> each.report().counts().warmCalls());
        counter(
                "runnel.starts.cold",
                "Calls that waited for their program",
                runner,
                each -> each.report().counts().coldCalls());
        counter(
                "runnel.prepares.used",
                "Isolates made for expected calls that got one",
                runner,
                each -> each.report().counts().usedPrepares());
        counter(
                "runnel.prepares.wasted",
                "Isolates made for expected calls that got none",
                runner,
                each -> each.report().counts().wastedPrepares());
    }

    private void load(
            String name, String what, ToDoubleFunction<LoadReport> value, TaskRunner runner) {
        gauge(name, what, runner, each -> value.applyAsDouble(each.loadReport()));
    }

    private void pool(
            String name, String what, TaskRunner runner, ToDoubleFunction<PoolReport> value) {
        gauge(name, what, runner, each -> value.applyAsDouble(each.report()));
    }

    /** Answers and refusals at the door for users, and how late its event loops are. */
    public void watch(NodeListener listener) {
        gauge(
                "runnel.requests.in.flight",
                "Requests whose answer is not whole yet",
                listener,
                NodeListener::inFlight);
        for (ErrorCode code : ErrorCode.values()) {
            FunctionCounter.builder("runnel.refusals", listener, each -> each.refusals().of(code))
                    .description("Answers that say that something failed")
                    .tag("code", code.label())
                    .register(registry);
        }
        Timer delay =
                Timer.builder("runnel.loop.delay")
                        .description("How much later than due an event loop did what was due")
                        .register(registry);
        listener.tellLateness(delay::record);
    }

    /**
     * How long the node's authority lives.
     *
     * @param seconds until the end of the authority's certificate; {@code NaN} while nobody has
     *     certified the node
     */
    public void watchAuthority(DoubleSupplier seconds) {
        gauge(
                "runnel.authority.end.seconds",
                "How long until the certificate ends of the authority that certified this node",
                seconds,
                DoubleSupplier::getAsDouble);
    }

    /** A number that goes up and down. */
    public <T> void gauge(String name, String what, T of, ToDoubleFunction<T> value) {
        gauge(name, what, Tags.empty(), of, value);
    }

    /**
     * One of several numbers that go up and down.
     *
     * @param tag what tells them apart
     * @param is which of them this is: nothing that comes from outside
     */
    public <T> void gauge(
            String name, String what, String tag, String is, T of, ToDoubleFunction<T> value) {
        gauge(name, what, Tags.of(tag, is), of, value);
    }

    private <T> void gauge(String name, String what, Tags tags, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(what)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** A number that only goes up. */
    public <T> void counter(String name, String what, T of, ToDoubleFunction<T> value) {
        counter(name, what, Tags.empty(), of, value);
    }

    /** One of several numbers that only go up; as {@link #gauge}. */
    public <T> void counter(
            String name, String what, String tag, String is, T of, ToDoubleFunction<T> value) {
        counter(name, what, Tags.of(tag, is), of, value);
    }

    private <T> void counter(String name, String what, Tags tags, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(what).tags(tags).register(registry);
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    @Override
    public Optional<Document> document(String path) {
        return Optional.of(new Document(MEDIA_TYPE, Buffer.buffer(registry.scrape())));
    }

    @Override
    public void close() {
        registry.close();
    }
}
