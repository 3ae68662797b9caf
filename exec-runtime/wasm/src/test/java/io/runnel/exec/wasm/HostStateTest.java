package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.GuestTerms;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundHeader;
import io.runnel.exec.wasi.StandardStreams;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the host keeps for a call, streams, files, clocks, random bytes, variables, answers to its
 * requests, is each call's own: a guest that spoils all of it leaves nothing to the next. The
 * guest's own memory is {@link ImageTest}'s.
 */
class HostStateTest {
    private static final byte[] CODE = Guests.module("host_state");
    private static final List<OutboundHost> HOSTS = List.of(OutboundHost.parse("a.test"));

    private final AtomicLong nanos = new AtomicLong(1);
    private final AtomicInteger open = new AtomicInteger();

    private HostSources host(SecureRandom random) {
        return new HostSources(InstantSource.system(), nanos::get, random)
                .withOutbound((request, most) -> new CountedAnswer(open));
    }

    /** An answer without a body that counts those that are open. */
    private static final class CountedAnswer implements OutboundAnswer {
        private final AtomicInteger open;

        CountedAnswer(AtomicInteger open) {
            this.open = open;
            open.incrementAndGet();
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public List<OutboundHeader> headers() {
            return List.of();
        }

        @Override
        public int read(byte[] into, int offset, int length, Duration most) {
            return 0;
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    private static Task task() {
        Task plain = Programs.task(CODE);
        return new Task(
                plain.ref(),
                1,
                plain.runtime(),
                plain.handler(),
                plain.code(),
                plain.limits(),
                Map.of(),
                TaskOptions.DEFAULT.withOutbound(HOSTS));
    }

    private String call(Isolate isolate) {
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        Collected out = new Collected();
        Invocation plain = Contracts.invocation(task());
        Outcome outcome =
                isolate.run(
                        new Invocation(
                                plain.id(),
                                plain.task(),
                                Caller.ANONYMOUS,
                                Map.of("NAME", "value"),
                                List.of("task"),
                                Long.MAX_VALUE),
                        InputStream.nullInputStream(),
                        out,
                        out);
        assertInstanceOf(Outcome.Completed.class, outcome, outcome::toString);
        return out.text();
    }

    @Test
    void whatOneCallSpoiledIsWholeInTheNext() throws Exception {
        try (Program program = new WasmRuntime(host(new SecureRandom())).open(task(), CODE)) {
            Isolate kept = program.newIsolate();
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                if (i == 3) {
                    assertTrue(kept.isReady());
                    program.optimize();
                    assertFalse(kept.isReady(), "its instance is of the interpreter");
                }
                for (Isolate isolate : List.of(kept, program.newIsolate())) {
                    String said = call(isolate);
                    assertEquals(".", said.substring(0, 1), said);
                    assertEquals(17, said.length(), said);
                    assertTrue(seen.add(said), "random bytes came twice: " + said);
                    assertEquals(0, open.get(), "an answer outlived its call");
                }
            }
        }
    }

    /** The test above would see it if any of these were the last call's. */
    @Test
    void theGuestSeesWhatIsNotItsOwn() throws Exception {
        ModuleShape shape = ModuleScan.scan(CODE);
        InstanceMaker maker = InstanceMaker.of(CODE, shape, true);
        GuestInstance instance =
                maker.make(Engine.interpreting(CODE, shape.types()), maker.first());
        Collected out = new Collected();
        instance.memory().begin(guestCall(out, Map.of("NAME", "value")), 1 << 24);
        instance.run(shape.entries().command());
        assertEquals(".", out.text().substring(0, 1), out.text());
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        instance.restore(maker.first());
        // Memory is as at first, and the rest the last call's.
        instance.run(shape.entries().command());
        assertEquals("hilrfdt.", out.text().substring(17, 25), out.text());
        instance.memory().end();
        assertEquals(0, open.get());
        instance.restore(maker.first());
        Collected other = new Collected();
        instance.memory().begin(guestCall(other, Map.of("NAME", "value", "MORE", "")), 1 << 24);
        instance.run(shape.entries().command());
        assertEquals("e.", other.text().substring(0, 2), other.text());
        instance.memory().end();
    }

    private GuestCall guestCall(Collected out, Map<String, String> environment) {
        return new GuestCall(
                List.of("task"),
                environment,
                new StandardStreams(InputStream.nullInputStream(), out, out),
                host(new SecureRandom()),
                new GuestTerms(Optional.empty(), Optional.empty(), 1, HOSTS));
    }

    @Test
    void theGuestSeesRandomBytesThatComeAgain() throws Exception {
        var broken =
                new SecureRandom() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void nextBytes(byte[] bytes) {
                        Arrays.fill(bytes, (byte) 0x21);
                    }
                };
        try (Program program = new WasmRuntime(host(broken)).open(task(), CODE)) {
            assertEquals("." + "bc".repeat(8), call(program.newIsolate()));
            assertEquals("." + "bc".repeat(8), call(program.newIsolate()));
        }
    }
}
