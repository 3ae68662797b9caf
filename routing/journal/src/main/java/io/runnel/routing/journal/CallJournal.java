package io.runnel.routing.journal;

import io.runnel.exec.task.RequestId;

import java.util.Optional;

/**
 * The calls that a node has ended lately, in about 7 MB: the last 32,768 that ran here without a
 * fault within a second, and apart from them, so that they are not pushed out by those, the last
 * 16,384 others. Safe for any thread.
 */
public final class CallJournal {
    /** How many calls it knows that nobody need ask for. */
    public static final int USUAL = 32 * 1024;

    /** How many others. */
    public static final int NOTABLE = 16 * 1024;

    private final CallRing usual = new CallRing(USUAL);
    private final CallRing notable = new CallRing(NOTABLE);

    /** Notes a call that is over. */
    public void add(CallNote note) {
        (note.isNotable() ? notable : usual).add(note);
    }

    /** What was noted of a call; empty if nothing ever was, or too much since. */
    public Optional<CallNote> find(RequestId id) {
        return notable.find(id).or(() -> usual.find(id));
    }

    /** How many calls were noted since the start. */
    public long added() {
        return usual.added() + notable.added();
    }
}
