package io.runnel.routing.cache;

import java.util.Optional;

/** A link of an {@link EvictionQueue}'s ring. */
final class QueuePlace {
    /** Whose place it is; none in the link that closes the ring. */
    final Optional<Kept> kept;

    QueuePlace before = this;
    QueuePlace after = this;

    QueuePlace(Kept kept) {
        this.kept = Optional.of(kept);
    }

    /** A ring of nothing. */
    QueuePlace() {
        this.kept = Optional.empty();
    }

    void insertBehind(QueuePlace head) {
        before = head;
        after = head.after;
        head.after.before = this;
        head.after = this;
    }

    void leave() {
        before.after = after;
        after.before = before;
        before = this;
        after = this;
    }
}
