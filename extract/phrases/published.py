"""主动公开: how much was published, by channel, interpreted, answered in public."""

from . import ALONE, EXACT, pattern

_ITEMS = r"余?(?:条|篇|件)"
_KIND = r"(?:各类|各种|政府|政务)*"
_SUM = r"(?:总数|数量|数|共|累计|共计|总计|合计|为|达到?)*"

# What is on one channel is no total: 公开栏公开信息30条. 网站共发布信息 is one (forms.json), 网站主动公开 as offices say it.
_CHANNEL = (
    r"(?:公开栏|公示栏|公告栏|宣传栏|微信|微博|新媒体|两微一端|政府公报|抖音|客户端|[Aa][Pp]{2}|电子屏|显示屏|广播)(?:(?!主动)[^，。；]){0,16}(?:公开|发布|公布|推送)"
    r"|网站(?:(?!主动|共发布)[^，。；]){0,12}公开(?!栏)"
)


def _by(names: str) -> str:
    """Published by a channel: 网站公开信息300条, 微信公众号200条."""
    return (
        rf"{ALONE}(?:{names})(?:渠道|平台|方式)?(?:上|共|累计|及时|主动)*(?:公开|发布|公布|推送|张贴|公示)?{_KIND}(?:信息|文章|稿件)?{_SUM}"
        rf"{EXACT}(\d+){_ITEMS}"
    )


PATTERNS = (
    pattern(
        "n_proactive_items", "条", "信息",
        (
            rf"(?<!申请)(?<!要求)(?<!予以)(?<!同意)(?<!部分)(?<!不)(?:主动)?公开{_KIND}信息{_SUM}{EXACT}(\d+){_ITEMS}",
            rf"共?发布(?:各类)?信息{EXACT}(\d+)余?条",
            rf"主动公开{EXACT}(\d+){_ITEMS}{_KIND}信息",
        ),
        unless=rf"依申请公开.{{0,6}}信息|未公开|不予公开|{_CHANNEL}",
        whole=True,
    ),
    pattern("n_published_website", "条", "网站", (_by("网站(?:专栏|主平台|平台)?"),)),
    pattern("n_published_wechat", "条", "微信", (_by("微信(?:公众号|公众平台|公众账号|平台)?"),)),
    pattern("n_published_weibo", "条", "微博", (_by("微博"),)),
    pattern("n_published_new_media", "条", "新媒体 两微一端", (_by("新媒体(?:平台|账号)?|两微一端[”」]?"),)),
    pattern("n_published_board", "条", "公开栏 公示栏 公告栏 宣传栏", (_by("公开栏|公示栏|公告栏|宣传栏"),)),
    pattern("n_published_gazette", "条", "政府公报", (_by("政府公报"),)),
    pattern(
        "n_published_on_request", "条", "依申请公开",
        (rf"依申请公开(?:的)?(?:政府)?信息{_SUM}{EXACT}(\d+)(?:条|件)", r"依申请公开(?:共|为)?(0)(?:条|件|份|起)"),
        unless=r"收到|受理|接收|接到|办理|答复|回复|申请公开.{0,8}申请",
    ),
    pattern(
        "n_policy_interpretations", "件", "解读",
        (
            rf"(?<!文字)(?<!图片)(?<!媒体)(?<!图解)(?<!视频)(?<!专家)解读(?:信息|材料|稿件|文章)?(?:发布)?(?:共|共计|累计)?{EXACT}(\d+)(?:条|件|篇)",
            rf"{EXACT}(\d+)(?:条|件|篇)(?:政策|文件)*解读(?:信息|材料|稿件|文章)",
        ),
        unless="转载|转发|上级",
    ),
    pattern(
        "n_responses", "次", "回应",
        (rf"回应(?:社会|公众|群众|关注|关切|热点|重大|舆情|问题|或|和|、)+{_SUM}{EXACT}(\d+)(?:次|件|条|个)",),
        none=(r"(?:未|没有|无)(?:发生|出现|收到)?(?:需要?|应当?)?回应(?:的)?(?:社会|公众|群众|关注|关切|热点|重大|舆情|问题|或|和|、|的)+(?:事项|情况)?[，。；]",),
    ),
    pattern(
        "n_new_media_accounts", "个", "新媒体",
        (rf"政务新媒体(?:账号|账户|平台)?(?:共|共计|共有)?{EXACT}(\d+)个", rf"{EXACT}(\d+)个政务新媒体"),
        unless="关停|注销|清理|关闭|取消",
    ),
)  # fmt: skip
