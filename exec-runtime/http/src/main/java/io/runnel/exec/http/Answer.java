package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A guest's answer. Header names are tokens, values without control characters, and all may leave.
 *
 * @param declaredLength what the guest said of its body's length
 * @param body as far as it is known
 */
record Answer(int status, List<Header> headers, OptionalLong declaredLength, Buffer body) {
    private static final int NO_CONTENT = 204;
    private static final int RESET_CONTENT = 205;
    private static final int NOT_MODIFIED = 304;

    /** One header; a name may come several times. */
    record Header(String name, String value) {}

    /** With one header more. */
    Answer with(Header header) {
        List<Header> all = new ArrayList<>(headers);
        all.add(header);
        return new Answer(status, List.copyOf(all), declaredLength, body);
    }

    /**
     * Whether the body is not of the length that the guest declared.
     *
     * @param whole whether no more of it comes
     */
    boolean belies(boolean whole) {
        long declared = declaredLength.orElse(body.length());
        return whole ? body.length() != declared : body.length() > declared;
    }

    /** Whether HTTP lets an answer of this status have a body. */
    boolean mayHaveBody() {
        return status != NO_CONTENT && status != RESET_CONTENT && status != NOT_MODIFIED;
    }
}
