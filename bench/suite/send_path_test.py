"""Shares of a profile, from a made-up one."""

import unittest

from .processes import BenchError
from .send_path import share_of_send_path

SCRIPT = """\
 ffffffff81 tcp_sendmsg
 ffffffff82 __x64_sys_sendto
     7f0001 __send

     550001 livetape::http::StreamTable::Broadcast

     550002 livetape::hub::Shard::RunSlice
     550003 livetape::hub::Shard::RunSlices

     7f0002 __sendmsg_other
     550004 livetape::tape::Sequencer::Step

"""


class Shares(unittest.TestCase):
    def test_each_sample_counts_once(self):
        self.assertEqual(share_of_send_path(SCRIPT), 0.75)

    def test_no_samples_are_no_share(self):
        with self.assertRaises(BenchError):
            share_of_send_path("\n\n")


if __name__ == "__main__":
    unittest.main()
