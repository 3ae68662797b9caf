package io.runnel.cluster.hazelcast;

import com.hazelcast.client.config.SocketOptions;
import com.hazelcast.client.impl.clientside.DefaultClientExtension;
import com.hazelcast.client.impl.connection.tcp.TcpClientConnection;
import com.hazelcast.config.SSLConfig;
import com.hazelcast.internal.networking.ChannelInitializer;

/**
 * A client all of whose connections are the links that its configuration names. Public because
 * Hazelcast makes it by its name, for every client of the process; nobody else has a use for it.
 * Where a client names no links it is as if this were not there: without TLS, which members of ours
 * do not take, or failing where it asks for TLS otherwise.
 */
public final class SecuredClient extends DefaultClientExtension {
    /** How a client's configuration names its links. */
    static SSLConfig by(SecuredLinks links) {
        return new SSLConfig().setEnabled(true).setFactoryImplementation(links);
    }

    @Override
    public ChannelInitializer createChannelInitializer(SSLConfig tls, SocketOptions options) {
        return tls != null
                        && tls.isEnabled()
                        && tls.getFactoryImplementation() instanceof SecuredLinks links
                ? new SecuredInitializer(
                        super.createChannelInitializer(new SSLConfig(), options),
                        links,
                        TcpClientConnection.class,
                        unheard -> {})
                : super.createChannelInitializer(tls, options);
    }
}
