package io.runnel.exec.outbound;

import java.net.ConnectException;

import javax.net.ssl.SSLException;

/** Why a connection failed, for the task's owner: no text of a library, no address. */
final class Causes {
    private Causes() {}

    static String of(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return "its certificate or its TLS is not accepted";
            }
            if (at instanceof ConnectException) {
                return "it does not take connections";
            }
        }
        return "the connection ended or its answer is not HTTP";
    }
}
