package io.runnel.cluster.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.nio.Connection;

import java.util.function.Consumer;

/**
 * Puts TLS between the network and what Hazelcast reads and writes.
 *
 * @param plain what Hazelcast does with a connection
 * @param connection under which class a channel has its connection
 * @param unheard told of addresses where nobody is whom this node can talk to
 */
record SecuredInitializer(
        ChannelInitializer plain,
        SecuredLinks links,
        Class<? extends Connection> connection,
        Consumer<Address> unheard)
        implements ChannelInitializer {

    @Override
    public void initChannel(Channel channel) throws Exception {
        Object found = channel.attributeMap().get(connection);
        SecuredLink link = links.open(channel, connection.cast(found), unheard);
        var unusedFirst = channel.inboundPipeline().addLast(new SecuredInbound(link));
        plain.initChannel(channel);
        var unusedLast = channel.outboundPipeline().addLast(new SecuredOutbound(link));
    }
}
