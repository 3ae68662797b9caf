package io.runnel.exec.isolate;

import java.util.Optional;

/**
 * The isolate that a slot used last: the next call of the same program finds it warm. One for each
 * slot, so that what is kept is bounded. One thread.
 */
final class KeptIsolate {
    private Optional<Program> program = Optional.empty();
    private Optional<Isolate> isolate = Optional.empty();

    Isolate of(Program wanted) {
        if (isolate.isPresent() && program.filter(p -> p == wanted).isPresent()) {
            return isolate.get();
        }
        Isolate made = wanted.newIsolate();
        program = Optional.of(wanted);
        isolate = Optional.of(made);
        return made;
    }

    void drop() {
        program = Optional.empty();
        isolate = Optional.empty();
    }
}
