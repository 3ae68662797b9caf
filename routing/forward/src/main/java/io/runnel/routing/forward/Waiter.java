package io.runnel.routing.forward;

import io.vertx.core.http.HttpClientRequest;

/** Who waits for a stream to a region. For its event loop. */
interface Waiter {
    /** Whether it waits no more; then it is told nothing. */
    boolean isOver();

    /** Here it is; to be released to the connection once. */
    void opened(RegionConnection connection, HttpClientRequest request);

    /** There is none. */
    void notOpened(AttemptFailure failure);
}
