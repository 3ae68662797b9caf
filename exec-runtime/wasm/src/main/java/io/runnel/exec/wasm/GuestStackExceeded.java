package io.runnel.exec.wasm;

import java.io.Serial;

/** The guest's calls took all the room that there is for them. Unwinds it. */
final class GuestStackExceeded extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    GuestStackExceeded() {
        super("call stack exhausted", null, false, false);
    }
}
