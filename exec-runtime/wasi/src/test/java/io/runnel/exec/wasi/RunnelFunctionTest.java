package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RequestId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What guests may ask of Runnel, asked well and asked by hostile guests. */
class RunnelFunctionTest {
    private static final String MEANT = "Runnel-Identity: true\n";

    private static final int END = 1 << 20;
    private static final int URL_AT = 1000;
    private static final int HEADERS_AT = 20_000;
    private static final int BODY_AT = 100_000;
    private static final int TO = 200_000;
    private static final RequestId ID = RequestId.next(1_700_000_000_000L, new Random(1));

    private final Collected log = new Collected();
    private final ArrayMemory memory = new ArrayMemory(END, 32L << 20);
    private final FakeOutbound http = new FakeOutbound();
    private long nowNanos = 1;

    @BeforeEach
    void begin() {
        var host =
                new HostSources(InstantSource.system(), () -> nowNanos, new SecureRandom())
                        .withOutbound(http);
        var streams = new StandardStreams(InputStream.nullInputStream(), OutputSink.NOWHERE, log);
        var terms =
                new GuestTerms(
                        Optional.of(ID),
                        Optional.of(Duration.ofSeconds(3).toNanos()),
                        1,
                        List.of(OutboundHost.parse("a.test"), OutboundHost.parse("*.b.test:81")),
                        List.of(),
                        RunnelFunctionTest::document);
        memory.begin(new GuestCall(List.of(), Map.of(), streams, host, terms));
    }

    private long log(int level, String text) {
        return RunnelFunction.LOG.apply(memory, level, 100, memory.put(100, text));
    }

    /** What a node would sign: nothing for one audience, and no nonce of spaces. */
    private static Optional<String> document(String audience, String nonce) {
        if (nonce.isBlank() && !nonce.isEmpty()) {
            throw new IllegalArgumentException(nonce);
        }
        return audience.equals("nobody")
                ? Optional.empty()
                : Optional.of("<" + audience + "|" + nonce + ">");
    }

    private long document(String audience, String nonce, int capacity) {
        int audienceLength = memory.put(100, audience);
        int nonceLength = memory.put(URL_AT, nonce);
        return RunnelFunction.IDENTITY_DOCUMENT.apply(
                memory, 100, audienceLength, URL_AT, nonceLength, TO, capacity);
    }

    @Test
    void aDocumentIsForWhomAndWithWhatTheGuestSays() {
        assertEquals(9, document("bank", "n1", 100));
        assertEquals("<bank|n1>", read(TO, 9));
        assertEquals(3, document("", "", 100));
        assertEquals("<|>", read(TO, 3));
        assertEquals(RunnelError.UNAVAILABLE.value(), document("nobody", "n1", 100));
        assertEquals(RunnelError.INVALID.value(), document("bank", "  ", 100));
    }

    @Test
    void aDocumentIsWrittenWhereThereIsRoom() {
        assertEquals(10, document("bank", "n1x", 4));
        assertEquals("<ban", read(TO, 4));
        long[] somewhere = {100, 4, URL_AT, 2, TO, 100};
        Map.of(0, END, 2, END, 4, END)
                .forEach(
                        (index, at) -> {
                            long[] wrong = somewhere.clone();
                            wrong[index] = at;
                            assertEquals(
                                    RunnelError.FAULT.value(),
                                    RunnelFunction.IDENTITY_DOCUMENT.apply(memory, wrong),
                                    "argument " + index);
                        });
        for (int length : new int[] {-1, 513, Integer.MAX_VALUE}) {
            for (int index : new int[] {1, 3}) {
                long[] wrong = somewhere.clone();
                wrong[index] = length;
                assertEquals(
                        RunnelError.INVALID.value(),
                        RunnelFunction.IDENTITY_DOCUMENT.apply(memory, wrong),
                        "argument %d: %d".formatted(index, length));
            }
        }
    }

    private long send(String method, String url, String headers, String body) {
        int methodLength = memory.put(100, method);
        int urlLength = memory.put(URL_AT, url);
        int headersLength = memory.put(HEADERS_AT, headers);
        int bodyLength = memory.put(BODY_AT, body);
        return RunnelFunction.HTTP_SEND.apply(
                memory,
                100,
                methodLength,
                URL_AT,
                urlLength,
                HEADERS_AT,
                headersLength,
                BODY_AT,
                bodyLength);
    }

    private long get(String url) {
        return send("GET", url, "", "");
    }

    private String read(int at, long length) {
        return new String(memory.readBytes(at, (int) length), StandardCharsets.UTF_8);
    }

    @Test
    void logLinesHaveTheirLevel() {
        assertEquals(0, log(0, "one"));
        assertEquals(0, log(1, "two\n"));
        assertEquals(0, log(2, "three\nfour"));
        assertEquals(0, log(3, ""));
        assertEquals("[debug] one\n[info] two\n[warn] three\n[warn] four\n[error] \n", log.text());
        assertEquals(RunnelError.INVALID.value(), log(4, "x"));
        assertEquals(RunnelError.INVALID.value(), log(-1, "x"));
        assertEquals(
                RunnelError.INVALID.value(), RunnelFunction.LOG.apply(memory, 1, 0, 16 * 1024 + 1));
        assertEquals(RunnelError.FAULT.value(), RunnelFunction.LOG.apply(memory, 1, END - 1, 2));
    }

    @Test
    void aLogLineBeginsOnALineOfItsOwn() {
        int length = memory.put(100, "half a line");
        memory.writeI32(0, 100);
        memory.writeI32(4, length);
        WasiFunction.FD_WRITE.call(memory, 2, 0, 1, 40);
        log(1, "whole");
        log(1, "again");
        assertEquals("half a line\n[info] whole\n[info] again\n", log.text());
    }

    @Test
    void tellsTheRequestAndTheTimeLeft() {
        assertEquals(26, RunnelFunction.REQUEST_ID.apply(memory, TO, 64));
        assertEquals(ID.toString(), read(TO, 26));
        memory.put(TO, "......");
        assertEquals(26, RunnelFunction.REQUEST_ID.apply(memory, TO, 4));
        assertEquals(ID.toString().substring(0, 4) + "..", read(TO, 6));
        assertEquals(RunnelError.FAULT.value(), RunnelFunction.REQUEST_ID.apply(memory, END, 4));
        nowNanos = Duration.ofMillis(1400).toNanos();
        assertEquals(1600, RunnelFunction.TIME_LEFT.apply(memory));
        nowNanos = Duration.ofSeconds(9).toNanos();
        assertEquals(0, RunnelFunction.TIME_LEFT.apply(memory));
    }

    @Test
    void aRequestGoesOutAndItsAnswerComesInPieces() {
        http.answers = request -> http.answer(418, "A: b\nC: d", "short");
        long handle = send("POST", "https://A.test/p?q#f", "X-A: 1\r\nAccept: */*\n", "hello");
        assertEquals(0, handle, log.text());
        OutboundRequest asked = http.asked.getFirst();
        assertEquals("POST", asked.method());
        assertEquals(new OutboundUrl(true, "a.test", 443, "/p?q"), asked.url());
        assertEquals(
                List.of(new OutboundHeader("X-A", "1"), new OutboundHeader("Accept", "*/*")),
                asked.headers());
        assertEquals("hello", new String(asked.body(), StandardCharsets.UTF_8));
        assertEquals(Duration.ofNanos(Duration.ofSeconds(3).toNanos() - 1), http.waits.getFirst());
        assertEquals(418, RunnelFunction.HTTP_STATUS.apply(memory, handle));
        assertEquals(10, RunnelFunction.HTTP_HEADERS.apply(memory, handle, TO, 100));
        assertEquals("A: b\nC: d\n", read(TO, 10));
        assertEquals(3, RunnelFunction.HTTP_READ.apply(memory, handle, TO, 100));
        assertEquals(2, RunnelFunction.HTTP_READ.apply(memory, handle, TO + 3, 100));
        assertEquals(0, RunnelFunction.HTTP_READ.apply(memory, handle, TO, 100));
        assertEquals("short", read(TO, 5));
        assertEquals(0, RunnelFunction.HTTP_CLOSE.apply(memory, handle));
        assertEquals(0, http.open);
        for (RunnelFunction function :
                List.of(RunnelFunction.HTTP_STATUS, RunnelFunction.HTTP_CLOSE)) {
            assertEquals(RunnelError.INVALID.value(), function.apply(memory, handle));
        }
    }

    @Test
    void onlyHostsOfTheTasksListAreAsked() {
        for (String url :
                List.of(
                        "http://b.test/",
                        "http://x.b.test/",
                        "http://a.test:81/",
                        "http://a.test.evil.org/",
                        "http://aXtest/",
                        "http://127.0.0.1/",
                        "https://a.test:80/")) {
            assertEquals(RunnelError.NOT_ALLOWED.value(), get(url), url);
        }
        assertEquals(List.of(), http.asked);
        assertTrue(log.text().contains("[warn] runnel: no answer from b.test:80: "), log.text());
        assertEquals(0, get("http://x.b.test:81/"), log.text());
    }

    /** It costs what any request does, but nothing is sent. */
    @Test
    void whoItIsAGuestMayAskByHttp() {
        long handle = send("GET", "http://identity.local/?audience=bank&nonce=n1", MEANT, "");
        assertEquals(200, RunnelFunction.HTTP_STATUS.apply(memory, handle));
        assertEquals(9, RunnelFunction.HTTP_READ.apply(memory, handle, TO, 100));
        assertEquals("<bank|n1>", read(TO, 9));
        assertEquals(0, RunnelFunction.HTTP_READ.apply(memory, handle, TO, 100));
        assertEquals(0, RunnelFunction.HTTP_CLOSE.apply(memory, handle));
        for (int i = 1; i < OutboundLimits.DEFAULT.requests(); i++) {
            handle = send("GET", "http://identity.local/", MEANT, "");
            assertEquals(0, RunnelFunction.HTTP_CLOSE.apply(memory, handle));
        }
        assertEquals(RunnelError.LIMIT.value(), send("GET", "http://identity.local/", MEANT, ""));
        assertEquals(List.of(), http.asked);
    }

    @Test
    void whatIsNoRequestIsRefused() {
        for (String url :
                List.of(
                        "",
                        "a.test",
                        "//a.test/",
                        "ftp://a.test/",
                        "http:/a.test",
                        "http://",
                        "http://u@a.test/",
                        "http://u:p@a.test/",
                        "http://a.test\\@b.test/",
                        "http://a.test /",
                        "http://a.test/ x",
                        "http://a.test/\r\nX: y",
                        "http://a.test/\u0000",
                        "http://a.test/\u00e9",
                        "http://a%2etest/",
                        "http://[::1]/",
                        "http://a.test:/",
                        "http://a.test:0/",
                        "http://a.test:65536/",
                        "http://a.test:x/",
                        "http://a.test./",
                        "http://.a.test/",
                        "http://2130706433/",
                        "http://0x7f.1/",
                        "http://a.test/" + "x".repeat(9000),
                        " http://a.test/")) {
            assertEquals(RunnelError.INVALID.value(), get(url), url);
        }
        for (String method :
                List.of("", "get", "GE T", "CONNECT", "TRACE", "G\r\nX", "X".repeat(21))) {
            assertEquals(
                    RunnelError.INVALID.value(), send(method, "http://a.test/", "", ""), method);
        }
        for (String header :
                List.of(
                        "x",
                        ": y",
                        "a b: c",
                        "Host: b.test",
                        "content-length: 7",
                        "Transfer-Encoding: chunked",
                        "connection: close",
                        "Proxy-Authorization: x",
                        "Upgrade: h2c",
                        "A: b\rC: d",
                        "A: \u0000",
                        "A: \u00e9",
                        "TE: trailers",
                        "Expect: 100-continue",
                        "a: b\n".repeat(101))) {
            assertEquals(
                    RunnelError.INVALID.value(), send("GET", "http://a.test/", header, ""), header);
        }
        assertEquals(List.of(), http.asked);
    }

    @Test
    void eachErrorHasItsNumber() {
        for (OutboundException.Code code : OutboundException.Code.values()) {
            http.answers =
                    request -> {
                        throw new OutboundException(code, "why so: " + code);
                    };
            assertEquals(RunnelError.valueOf(code.name()).value(), get("http://a.test/"));
            assertTrue(log.text().contains("why so: " + code), log.text());
        }
    }

    @Test
    void soManyAnswersAreOpenAtOnceAndSoManyAskedForInACall() {
        OutboundLimits limits = OutboundLimits.DEFAULT;
        for (int i = 0; i < limits.open(); i++) {
            assertEquals(i, get("http://a.test/"));
        }
        assertEquals(RunnelError.LIMIT.value(), get("http://a.test/"));
        assertEquals(0, RunnelFunction.HTTP_CLOSE.apply(memory, 3));
        for (int i = limits.open(); i < limits.requests(); i++) {
            assertEquals(3, get("http://a.test/"));
            assertEquals(0, RunnelFunction.HTTP_CLOSE.apply(memory, 3));
        }
        assertEquals(RunnelError.LIMIT.value(), get("http://a.test/"));
        assertEquals(limits.requests(), http.asked.size());
        memory.call().end();
        assertEquals(0, http.open, "those that were open ended with the call");
    }

    @Test
    void soManyBytesAreSentAndReceivedInACall() {
        long sent = OutboundLimits.DEFAULT.sent().bytes();
        int whole = 900_000;
        int requests = 0;
        long result = 0;
        while (result >= 0) {
            result =
                    RunnelFunction.HTTP_SEND.apply(
                            memory,
                            100,
                            4,
                            URL_AT,
                            memory.put(URL_AT, "http://a.test/"),
                            0,
                            0,
                            50_000,
                            memory.put(100, "POST") == 4 ? whole : 0);
            RunnelFunction.HTTP_CLOSE.apply(memory, result);
            requests += result >= 0 ? 1 : 0;
        }
        assertEquals(RunnelError.LIMIT.value(), result);
        assertEquals(sent / whole, requests);
        begin();
        long received = OutboundLimits.DEFAULT.received().bytes();
        http.answers = request -> http.answer(200, "", "x".repeat((int) received + 10));
        memory.put(100, "GET");
        long handle = get("http://a.test/");
        long got = 0;
        long count = 1;
        while (count > 0) {
            count = RunnelFunction.HTTP_READ.apply(memory, handle, TO, 60_000);
            got += Math.max(count, 0);
        }
        assertEquals(RunnelError.LIMIT.value(), count);
        assertTrue(got <= received && got > received - 50_000, got + " bytes");
    }

    @Test
    void whatIsSentCountsAsMemoryOfTheCall() {
        var small = new ArrayMemory(END, 1000);
        small.begin(memory.call());
        int url = small.put(URL_AT, "http://a.test/");
        small.put(100, "POST");
        assertEquals(
                0, RunnelFunction.HTTP_SEND.apply(small, 100, 4, URL_AT, url, 0, 0, BODY_AT, 900));
        assertEquals(
                RunnelError.LIMIT.value(),
                RunnelFunction.HTTP_SEND.apply(small, 100, 4, URL_AT, url, 0, 0, BODY_AT, 101));
    }

    @Test
    void anInterruptEndsTheGuest() {
        http.answers =
                request -> {
                    throw new InterruptedException();
                };
        assertThrows(GuestInterrupted.class, () -> get("http://a.test/"));
        assertTrue(Thread.interrupted(), "whoever runs the guest sees it");
        http.answers = request -> http.answer(200, "", "x");
        Thread.currentThread().interrupt();
        assertThrows(GuestInterrupted.class, () -> get("http://a.test/"));
        assertTrue(Thread.interrupted());
        assertEquals(1, http.asked.size(), "nothing was sent any more");
    }

    @Test
    void numbersByChanceHarmNothing() {
        long seed = new SecureRandom().nextLong();
        var random = new Random(seed);
        long[] odd = {-1, 0, 1, 3, 100, 4, END, END - 1, 0x7FFF_FFFFL, 0x8000_0000L, 1L << 33};
        memory.put(100, "GET");
        memory.put(URL_AT, "http://a.test/");
        for (int i = 0; i < 20_000; i++) {
            if (i % 500 == 0) {
                begin();
            }
            RunnelFunction[] all = RunnelFunction.values();
            RunnelFunction function = all[random.nextInt(all.length)];
            long[] numbers = new long[function.signature().indexOf(':')];
            for (int n = 0; n < numbers.length; n++) {
                numbers[n] = (int) odd[random.nextInt(odd.length)];
            }
            try {
                long result = function.apply(memory, numbers);
                assertFalse(result < -7, function + Arrays.toString(numbers));
            } catch (RuntimeException | Error e) {
                String what = function + Arrays.toString(numbers);
                throw new AssertionError("seed %d: %s".formatted(seed, what), e);
            }
        }
    }
}
