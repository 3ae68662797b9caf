package io.runnel.exec.network;

import java.util.concurrent.locks.ReentrantLock;

/** What all parts of one network share: its lock, and what is to go to the guest. */
record Wire(ReentrantLock lock, Outbox outbox) {
    /** That of a new network. */
    static Wire create() {
        ReentrantLock lock = new ReentrantLock();
        return new Wire(lock, new Outbox(lock));
    }
}
