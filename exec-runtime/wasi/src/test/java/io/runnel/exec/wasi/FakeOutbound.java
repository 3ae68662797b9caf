package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends nothing: answers what it is told, and keeps what it was asked. */
final class FakeOutbound implements OutboundHttp {
    /** What it answers, from what it is asked. */
    interface Answers {
        OutboundAnswer to(OutboundRequest request) throws OutboundException, InterruptedException;
    }

    final List<OutboundRequest> asked = new ArrayList<>();
    final List<Duration> waits = new ArrayList<>();
    int open;
    Answers answers = request -> answer(200, "", "body of " + request.url().target());

    @Override
    public OutboundAnswer send(OutboundRequest request, Duration most)
            throws OutboundException, InterruptedException {
        asked.add(request);
        waits.add(most);
        return answers.to(request);
    }

    /** An answer whose body comes three bytes at a time, a large one in large pieces. */
    OutboundAnswer answer(int status, String headerLines, String body) {
        open++;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int piece = bytes.length > 1000 ? 50_000 : 3;
        return new OutboundAnswer() {
            private int at;

            @Override
            public int status() {
                return status;
            }

            @Override
            public List<OutboundHeader> headers() {
                return headerLines
                        .lines()
                        .map(line -> line.split(": ", 2))
                        .map(parts -> new OutboundHeader(parts[0], parts[1]))
                        .toList();
            }

            @Override
            public int read(byte[] into, int offset, int length, Duration most) {
                int count = Math.min(Math.min(piece, length), bytes.length - at);
                System.arraycopy(bytes, at, into, offset, count);
                at += count;
                return count;
            }

            @Override
            public void close() {
                open--;
            }
        };
    }
}
