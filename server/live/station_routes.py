"""Where stations connect: one socket for each."""

from fastapi import APIRouter, WebSocket

from server.live import link
from server.live.link import LinkRoom
from server.live.orders import Orders
from server.live.presence import Presence

ROUTER = APIRouter(tags=["stations"])


@ROUTER.websocket("/link")
async def station_link(socket: WebSocket) -> None:
    """A station's link from its first word to its end; what it says is proven by its key, not by a login."""
    state = socket.app.state
    room: LinkRoom = state.link_room
    orders: Orders = state.orders
    presence: Presence = state.presence
    await link.serve(socket, room, orders, presence)
