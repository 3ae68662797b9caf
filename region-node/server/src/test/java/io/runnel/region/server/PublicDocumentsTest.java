package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundHeader;
import io.runnel.exec.wasi.OutboundUrl;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

final class PublicDocumentsTest {
    private final List<OutboundUrl> asked = new ArrayList<>();
    private final List<Answer> open = new ArrayList<>();

    /** An answer whose body comes in pieces of a thousand bytes. */
    private static final class Answer implements OutboundAnswer {
        private final int status;
        private int left;
        private boolean closed;

        Answer(int status, int length) {
            this.status = status;
            this.left = length;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public List<OutboundHeader> headers() {
            return List.of();
        }

        @Override
        public int read(byte[] into, int offset, int length, Duration most) {
            int count = Math.min(Math.min(left, length), 1000);
            Arrays.fill(into, offset, offset + count, (byte) 'a');
            left -= count;
            return count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private PublicDocuments answering(int status, int length) {
        return new PublicDocuments(
                (request, most) -> {
                    asked.add(request.url());
                    Answer answer = new Answer(status, length);
                    open.add(answer);
                    return answer;
                });
    }

    @Test
    void aDocumentIsReadWholeAndTheConnectionGivenBack() throws IOException {
        URI where = URI.create("https://Issuer.Example:8443/a/b?c=%20d");
        assertEquals(
                "a".repeat(PublicDocuments.MOST_BYTES),
                answering(200, PublicDocuments.MOST_BYTES).get(where));
        assertEquals(
                new OutboundUrl(true, "issuer.example", 8443, "/a/b?c=%20d"), asked.getFirst());
        answering(200, 1).get(URI.create("https://issuer.example"));
        assertEquals(new OutboundUrl(true, "issuer.example", 443, "/"), asked.getLast());
        assertTrue(open.stream().allMatch(answer -> answer.closed));
    }

    @Test
    void whatIsTooLongOrNotThereOrNotByHttpsIsNot() {
        URI where = URI.create("https://issuer.example/");
        int tooLong = PublicDocuments.MOST_BYTES + 1;
        assertThrows(IOException.class, () -> answering(200, tooLong).get(where));
        assertThrows(IOException.class, () -> answering(302, 10).get(where));
        assertTrue(open.stream().allMatch(answer -> answer.closed));
        PublicDocuments none =
                new PublicDocuments(
                        (request, most) -> {
                            throw new OutboundException(
                                    OutboundException.Code.NOT_ALLOWED, "not public");
                        });
        IOException refused = assertThrows(IOException.class, () -> none.get(where));
        assertTrue(refused.getMessage().contains("not public"));
        for (String other : List.of("http://issuer.example/", "file:///etc/passwd", "https:x")) {
            assertThrows(IOException.class, () -> none.get(URI.create(other)), other);
        }
        assertEquals(2, asked.size());
    }
}
