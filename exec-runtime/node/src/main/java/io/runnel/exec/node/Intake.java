package io.runnel.exec.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether a node takes calls. An operator's drain is kept in a file of the node's folder, so that a
 * node that dies meanwhile comes back drained; that it leaves is not. Safe for any thread.
 */
public final class Intake {
    /** What a node does with calls. */
    public enum State {
        /** It takes them. */
        OPEN,
        /** It asks for no more, since an operator wants it empty. */
        DRAINING,
        /** It asks for no more, since its process ends. */
        LEAVING
    }

    private final Path mark;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile State state;

    private Intake(Path mark, State state) {
        this.mark = mark;
        this.state = state;
    }

    /** As it was when the node's last process ended. */
    public static Intake of(NodeFolder folder) {
        Path mark = folder.drained();
        return new Intake(mark, Files.exists(mark) ? State.DRAINING : State.OPEN);
    }

    /** What it does with calls now. */
    public State state() {
        return state;
    }

    /** Whether it takes calls as usual. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Tells of each change from now on, on the thread that makes it; must be short. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * An operator wants the node empty. Does nothing to one that leaves.
     *
     * @throws UncheckedIOException if that cannot be kept; nothing has changed then
     */
    public synchronized void drain() {
        if (state == State.OPEN) {
            write(mark);
            become(State.DRAINING);
        }
    }

    /**
     * An operator wants the node to take calls. Does nothing to one that leaves.
     *
     * @throws UncheckedIOException if that cannot be kept; nothing has changed then
     */
    public synchronized void open() {
        if (state == State.DRAINING) {
            delete(mark);
            become(State.OPEN);
        }
    }

    /** The process ends. */
    public synchronized void leave() {
        if (state != State.LEAVING) {
            become(State.LEAVING);
        }
    }

    private void become(State next) {
        state = next;
        listeners.forEach(Runnable::run);
    }

    private static void write(Path mark) {
        try {
            Files.writeString(mark, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path mark) {
        try {
            Files.delete(mark);
        } catch (NoSuchFileException e) {
            // Somebody took it away: so it stays.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
