package io.runnel.exec.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name. Blocks, and no interrupt helps; for any thread. */
@FunctionalInterface
interface NameResolver {
    /**
     * All addresses of a name, at least one.
     *
     * @throws UnknownHostException if there are none
     */
    InetAddress[] resolve(String host) throws UnknownHostException;

    /** That of this machine. */
    static NameResolver ofSystem() {
        return InetAddress::getAllByName;
    }
}
