"""Scrapy settings. Every one that is not the default says why."""

BOT_NAME = "nianbao"
SPIDER_MODULES = ["crawler.spiders"]
ADDONS: dict[str, int] = {}

# Politeness: reference/portals.md, 1.7. High parallelism made 900 false "unreachable" results in one survey.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one connection per host
DOWNLOAD_DELAY = 2.0  # seconds between requests to one host; a portal's row may say another
DOWNLOAD_DELAY_JITTER = 0  # Scrapy's jitter goes below the delay; ours only adds (crawler.politeness)
AUTOTHROTTLE_ENABLED = True  # slow servers are asked less often
AUTOTHROTTLE_START_DELAY = 0  # the portal's own delay is the start
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_TIMEOUT = 60  # county servers answer within 10 s or not at all; 180 s would hold a host for nothing
DOWNLOAD_MAXSIZE = 200 * 2**20  # bytes: the largest scanned bundle seen has 60 MB
DOWNLOAD_WARNSIZE = 50 * 2**20
RETRY_TIMES = 1  # one more try; the next crawl comes anyway, and a storm helps nobody
RETRY_HTTP_CODES = [408, 500, 502, 504]  # 503 and 429 mean "not now": recorded, not tried again in this run
REDIRECT_MAX_TIMES = 5  # 20 make 1,200 requests of 60 loops
HTTPERROR_ALLOW_ALL = True  # refusals and 404s reach the callback, which records what they are
METAREFRESH_ENABLED = False  # challenge pages use it; a column that moved so is found by the survey
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "ERROR"  # what went wrong is in the tables `url` and `failure`, and in `nianbao status`

CONCURRENT_ITEMS = 8  # the default of 100 starts about 100 tasks per response and halves the speed
CONCURRENT_REQUESTS = 256  # requests waiting for their host's delay count: it must exceed the number of hosts

SCHEDULER = "crawler.frontier.Frontier"  # the table `url`: nothing is lost when the process is killed
DOWNLOADER_MIDDLEWARES = {
    "crawler.politeness.KnownHosts": 10,  # before robots.txt is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.politeness.Robots": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # KnownHosts lets attachments through
    "crawler.recorder.RecorderMiddleware": 1000,  # nearest to the network: bodies still encoded, every hop and retry
}
SPIDER_MIDDLEWARES = {"crawler.commit.Commit": 10}  # nearest to the engine: sees all that a callback gave
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "crawler.politeness.Throttle": 0,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
}
REQUEST_FINGERPRINTER_CLASS = "scrapy.utils.request.RequestFingerprinter"
