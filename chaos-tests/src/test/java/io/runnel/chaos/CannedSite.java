package io.runnel.chaos;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundException.Code;
import io.runnel.exec.wasi.OutboundHeader;
import io.runnel.exec.wasi.OutboundHttp;
import io.runnel.exec.wasi.OutboundRequest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What a task finds at {@value #HOST}, without a network: a page, and several kinds of trouble. */
final class CannedSite implements OutboundHttp {
    static final String HOST = "site.test";
    static final String PAGE = "<p>a page</p>".repeat(5000);

    @Override
    public OutboundAnswer send(OutboundRequest request, Duration most) throws OutboundException {
        if (request.url().secure()) {
            throw new OutboundException(Code.UNREACHABLE, "nobody speaks TLS there");
        }
        return switch (request.url().target()) {
            case "/page" ->
                    new Canned(200, List.of(new OutboundHeader("Content-Type", "text/html")));
            case "/broken" -> new Canned(500, List.of());
            case "/slow" -> throw new OutboundException(Code.TIMEOUT, "it is slow");
            default -> new Canned(404, List.of(new OutboundHeader("X-Other", "a: b")));
        };
    }

    private static final class Canned implements OutboundAnswer {
        private final int status;
        private final List<OutboundHeader> headers;
        private final byte[] body = PAGE.getBytes(StandardCharsets.UTF_8);
        private int at;

        Canned(int status, List<OutboundHeader> headers) {
            this.status = status;
            this.headers = headers;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public List<OutboundHeader> headers() {
            return headers;
        }

        @Override
        public int read(byte[] into, int offset, int length, Duration most)
                throws OutboundException {
            if (status == 500 && at > 0) {
                throw new OutboundException(Code.BROKEN, "it broke off");
            }
            int count = Math.min(length, body.length - at);
            System.arraycopy(body, at, into, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() {
            at = body.length;
        }
    }
}
