package io.runnel.exec.http;

import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.isolate.OutputSink;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Guests of the tests, and requests for them. */
final class Guests {
    /** The head of a plain answer. */
    static final String PLAIN = "Content-Type: text/plain\n\n";

    private Guests() {}

    static FakeRuntime.Guest echo() {
        return (call, in, out, log) -> {
            EdgeFixture.say(out, PLAIN);
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
            return 0;
        };
    }

    static FakeRuntime.Guest size() {
        return (call, in, out, log) -> {
            String declared = call.environment().getOrDefault("CONTENT_LENGTH", "?");
            EdgeFixture.say(out, PLAIN + declared + " " + drain(in));
            return 0;
        };
    }

    static int drain(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int all = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            all += n;
        }
        return all;
    }

    static int flood(OutputSink out, AtomicLong written) {
        EdgeFixture.say(out, PLAIN);
        byte[] bytes = new byte[10_000];
        while (true) {
            out.write(bytes, 0, bytes.length);
            written.addAndGet(bytes.length);
        }
    }

    static String head(String task, int length) {
        return "POST /fn/demo/%s HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n"
                .formatted(task, length);
    }
}
