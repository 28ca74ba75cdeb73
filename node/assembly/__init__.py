"""What the node is built of: every service, made from what it needs and from nothing else.

The one record that holds them all travels only along the edges - to the application's keys, the commands and the
jobs. No service ever sees it.
"""

from node.assembly.every_service import Services, services
from node.assembly.foundation import Ground, Network, ground
from node.assembly.restored import erase_again, erased_in

__all__ = ["Ground", "Network", "Services", "erase_again", "erased_in", "ground", "services"]
