"""Who takes part in the demo, each with an account on its mail server."""

from dataclasses import dataclass

PASSWORD = "demo"  # noqa: S105 -- of every account, shown to whoever runs the demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


MAILBOX = "service"  # as the shipped maild.toml names it
US = Person(name="示例科技客户服务", address="kefu@example.com")

WANG = Person(name="王芳", address="wang.fang@lantian.example")
LI = Person(name="李明", address="li.ming@huaxin.example")
ZHANG = Person(name="张伟", address="zhang.wei@dongfang.example")
SMITH = Person(name="John Smith", address="john.smith@northwind.example")
BROWN = Person(name="Emma Brown", address="emma.brown@steelworks.example")
CHEN = Person(name="陈静", address="chen.jing@shengda.example")
NEWS = Person(name="Valve Trade Weekly", address="news@tradeweekly.example")
YOU = Person(name="", address="you@visitor.example")

SUN = Person(name="孙丽", address="sun.li@yuanjing.example")
"""She has left: her company's server takes mail for her, and later reports that it could not be delivered."""

DAEMON = Person(name="Mail Delivery System", address="mailer-daemon@yuanjing.example")
"""Her company's mail server."""

ZHAO = Person(name="赵强", address="zhao.qiang@hengtong.example")
"""Whose mail program has his address wrong: there is no such account, and mail to it is refused."""

ACCOUNTS = (US, WANG, LI, ZHANG, SMITH, BROWN, CHEN, NEWS, DAEMON, YOU)
ALIASES = {SUN.address: DAEMON.address}
DOMAINS = frozenset(person.domain for person in (*ACCOUNTS, SUN, ZHAO))
