package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.OutboundException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A real guest that asks who it is, at the host that is in no network. */
class RunIdentityTest {
    private static final byte[] CODE = Guests.module("ask");
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00.250Z");
    private static final int NOT_ALLOWED = 3;
    private static final int UNREACHABLE = 5;

    private final List<InstanceDocuments.Run> asked = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private long nowNanos = 1_000;
    private Instant now = NOW;

    private WasmRuntime runtime(InstanceDocuments documents) {
        var host = new HostSources(() -> now, () -> nowNanos, new SecureRandom());
        return new WasmRuntime(
                        host.withOutbound(
                                (request, most) -> {
                                    sent.add(request.url().toString());
                                    throw new OutboundException(
                                            OutboundException.Code.UNREACHABLE, "nobody there");
                                }))
                .withDocuments(documents);
    }

    private Optional<String> document(InstanceDocuments.Run run, String audience, String nonce) {
        asked.add(run);
        return Optional.of("%s for %s, %s".formatted(run.call().id(), audience, nonce));
    }

    private static Task task(String... outbound) {
        return Contracts.task(RuntimeKind.WASM, "asking", CODE, Limits.DEFAULT)
                .withOptions(
                        TaskOptions.DEFAULT.withOutbound(
                                List.of(outbound).stream().map(OutboundHost::parse).toList()));
    }

    private static Outcome ask(Isolate isolate, Invocation call, String url, Collected out) {
        return isolate.run(
                call,
                new ByteArrayInputStream(url.getBytes(StandardCharsets.US_ASCII)),
                out,
                OutputSink.NOWHERE);
    }

    @Test
    void aTaskWithoutHostsIsToldWhoItIs() throws Exception {
        Invocation call = Contracts.invocation(task());
        try (Program program = runtime(this::document).open(call.task(), CODE)) {
            for (boolean fast : new boolean[] {false, true}) {
                if (fast) {
                    program.optimize();
                }
                Collected out = new Collected();
                Outcome end =
                        ask(
                                program.newIsolate(),
                                call,
                                "http://identity.local/?audience=https%3A%2F%2Fbank&nonce=n-1",
                                out);
                assertInstanceOf(Outcome.Completed.class, end, end::toString);
                assertEquals(call.id() + " for https://bank, n-1", out.text());
            }
        }
        assertEquals(List.of(), sent);
    }

    @Test
    void itIsTheRunThatAsks() throws Exception {
        try (Program program = runtime(this::document).open(task(), CODE)) {
            Isolate isolate = program.newIsolate();
            for (int i = 0; i < 3; i++) {
                Invocation call = Contracts.invocation(task());
                Collected out = new Collected();
                ask(isolate, call, "http://identity.local/jwt?nonce=n", out);
                assertEquals(call.id() + " for , n", out.text());
                assertEquals(call, asked.getLast().call());
            }
        }
    }

    @Test
    void otherPlacesOfThatNameAreHostsLikeAny() throws Exception {
        try (Program program = runtime(this::document).open(task(), CODE)) {
            for (String url :
                    List.of(
                            "https://identity.local/",
                            "http://identity.local:8080/",
                            "http://x.identity.local/",
                            "http://identity.localhost/")) {
                var end =
                        assertInstanceOf(
                                Outcome.FunctionError.class,
                                ask(
                                        program.newIsolate(),
                                        Contracts.invocation(task()),
                                        url,
                                        new Collected()),
                                url);
                assertEquals(NOT_ALLOWED, end.exitCode(), url);
            }
            assertEquals(List.of(), sent);
            Task listing = task("identity.local:8080", "identity.local");
            var end =
                    assertInstanceOf(
                            Outcome.FunctionError.class,
                            ask(
                                    program.newIsolate(),
                                    Contracts.invocation(listing),
                                    "http://identity.local:8080/",
                                    new Collected()));
            assertEquals(UNREACHABLE, end.exitCode());
            assertEquals(1, sent.size());
            ask(
                    program.newIsolate(),
                    Contracts.invocation(listing),
                    "http://identity.local/",
                    new Collected());
            assertEquals(1, sent.size(), "the host answers, whatever the task lists");
            assertEquals(1, asked.size());
        }
    }

    /** The clock is read when it is first asked for, and is set back between two documents. */
    @Test
    void aRunBeganOnce() {
        Invocation call = Contracts.invocation(task());
        var host =
                new HostSources(() -> now, () -> nowNanos, new SecureRandom())
                        .withDocuments(this::document);
        RunIdentity run = new RunIdentity(host, call, false, nowNanos);
        nowNanos += 1_200_000_000L;
        assertEquals(Optional.of(call.id() + " for a, n"), run.document("a", "n"));
        nowNanos += 5_000_000_000L;
        now = now.minusSeconds(3600);
        assertEquals(Optional.of(call.id() + " for b, "), run.document("b", ""));
        var expected =
                new InstanceDocuments.Run(call, false, Instant.parse("2026-11-28T11:59:59.050Z"));
        assertEquals(List.of(expected, expected), asked);
    }

    @Test
    void whereNobodyCanSignItIsSaid() throws Exception {
        try (Program program =
                runtime((run, audience, nonce) -> Optional.empty()).open(task(), CODE)) {
            Collected out = new Collected();
            var end =
                    assertInstanceOf(
                            Outcome.FunctionError.class,
                            ask(
                                    program.newIsolate(),
                                    Contracts.invocation(task()),
                                    "http://identity.local/",
                                    out));
            assertEquals(503, end.exitCode());
            assertEquals("no authority has certified this node\n", out.text());
        }
    }
}
