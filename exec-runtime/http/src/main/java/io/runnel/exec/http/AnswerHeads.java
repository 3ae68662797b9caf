package io.runnel.exec.http;

import io.runnel.exec.task.CodeDigest;
import io.vertx.core.buffer.Buffer;

import java.util.Arrays;

/**
 * The heads of answers that guests gave lately: most of a task's answers begin with the same bytes,
 * which then need not be read again. What is found depends on the bytes alone, so it makes no
 * difference who wrote them before. For one event loop.
 */
final class AnswerHeads {
    /** Longer ones are read each time. */
    static final int MOST_BYTES = 1024;

    private static final int PLACES = 256;

    /** A head, with its empty line, and what it says; without a body. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Known(byte[] head, Answer answer) {
        boolean begins(byte[] bytes, int length) {
            return head.length <= length
                    && Arrays.equals(head, 0, head.length, bytes, 0, head.length);
        }
    }

    private final Known[] places = new Known[PLACES];

    /**
     * Reads the head of an output.
     *
     * @param code whose output it is: where to look first
     */
    CgiAnswer.Parsed parse(CodeDigest code, byte[] bytes, int length) {
        int place = code.value().hashCode() & (PLACES - 1);
        Known known = places[place];
        if (known != null && known.begins(bytes, length)) {
            return new CgiAnswer.Whole(withBody(known, bytes, length));
        }
        CgiAnswer.Parsed parsed = CgiAnswer.parse(bytes, length);
        if (parsed instanceof CgiAnswer.Whole(Answer answer)) {
            int headBytes = length - answer.body().length();
            if (headBytes <= MOST_BYTES) {
                places[place] = known(bytes, headBytes, answer);
            }
        }
        return parsed;
    }

    private static Known known(byte[] bytes, int headBytes, Answer answer) {
        Answer head =
                new Answer(
                        answer.status(),
                        answer.headers(),
                        answer.declaredLength(),
                        Buffer.buffer());
        return new Known(Arrays.copyOf(bytes, headBytes), head);
    }

    private static Answer withBody(Known known, byte[] bytes, int length) {
        int from = known.head().length;
        Buffer body = Buffer.buffer(length - from).appendBytes(bytes, from, length - from);
        Answer answer = known.answer();
        return new Answer(answer.status(), answer.headers(), answer.declaredLength(), body);
    }
}
