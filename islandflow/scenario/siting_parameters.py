"""The settings of siting: circles, parcels, sizes and costs of points, chargers, shared vehicles. All have defaults (estimates)."""

from __future__ import annotations

from islandflow.scenario.table import Column


def _whole(name: str, zh: str, en: str, unit: str, default: int, low: float = 0) -> Column:
    return Column(name, "integer", zh, en, unit, required=False, default=default, low=low)


def _number(name: str, zh: str, en: str, unit: str, default: float, low: float = 0) -> Column:
    return Column(name, "number", zh, en, unit, required=False, default=default, low=low)


SITING_SETTINGS: tuple[Column, ...] = (
    Column("circles_min", "text", "服务圈", "thresholds of the service circles, minutes separated by ;", required=False, default="5;10;30"),
    _number("walk_km_h", "步行速度", "walking speed", "km/h", 4.8, 1),
    _number("parcels_resident_day", "居民包裹", "parcels a resident and day, in and out", "parcel", 0.25),
    _number("parcels_bed_day", "床位包裹", "parcels a lodging bed and day", "parcel", 0.05),
    _whole("door_min", "到户时限", "parcels are at the door within, where a road allows it", "min", 30, 1),
    _number("door_cny_parcel_min", "末端配送成本", "last mile: a parcel and minute of driving", "yuan", 0.06),
    _whole("point_cny_year", "服务点年费", "a logistics point, rent and one person, without its size", "yuan/year", 60_000),
    Column(
        "point_sizes",
        "text",
        "服务点规模",
        "sizes of a logistics point: parcels a day:yuan a year, separated by ;",
        required=False,
        default="300:40000;800:90000;2500:220000;6000:480000",
    ),
    _whole("parcels_per_staff", "人均处理量", "parcels a day that one person handles", "parcel", 250, 1),
    _whole("parcels_per_van", "车均配送量", "parcels a day that one last-mile vehicle delivers", "parcel", 150, 1),
    _whole("lockers_from_parcels", "快递柜门槛", "a point has lockers from so many parcels a day", "parcel", 100),
    _whole("cold_chain_quay_min", "冷链距码头", "cold chain for seafood outward at points within so many minutes of a quay", "min", 10),
    _number("emergency_kg_resident", "应急储备", "emergency stock a resident, kept at the island's largest point", "kg", 6.0),
    _whole("parcel_cutoff_min", "截单提前量", "parcels reach the quay so long before departure", "min", 60),
    _whole("parcel_handling_min", "到港处理", "from arrival at the island quay to leaving the point for the door", "min", 75),
    _whole("parcel_change_min", "换装时间", "parcels need so long from boat to boat", "min", 30),
    _number("parcels_per_m3", "每方包裹数", "parcels in a cubic metre of cargo space", "parcel", 20.0),
    _number("parcels_per_deck_place", "每车位包裹数", "parcels on a vehicle place of the deck, in a van", "parcel", 150.0),
    _whole("transfer_points", "换乘点数", "bus–boat transfer points of an island at most, quays included", "site", 4),
    _whole("transfer_walk_min", "换乘步行", "walk to a transfer point", "min", 10, 1),
    _whole("elderly_weight", "老年人权重", "an elderly resident counts so many times at a transfer point", "", 2, 1),
    _whole("pickup_stop_min", "接送停车", "a car picking up stays so long", "min", 5, 1),
    _number("pickup_share", "接客比例", "people from a boat who are picked up by car", "share", 0.25),
    _number("pickup_people_car", "每车接客", "people in one such car", "person", 1.6, 1),
    _number("cars_resident", "居民小汽车", "cars a resident", "vehicle", 0.12),
    _number("ev_share", "电动车比例", "share of cars that are electric", "share", 0.15),
    _number("charges_ev_day", "充电频次", "public charges an electric car and day", "", 0.25),
    _number("charge_peak_share", "高峰小时系数", "share of a day's charges in the busiest hour", "share", 0.14),
    _whole("charge_min", "充电时长", "a charge takes", "min", 45, 1),
    _number("charger_kw", "充电功率", "power of a public charger", "kW", 60.0),
    _whole("charger_wait_min", "充电等待", "mean wait for a charger at most, in the busiest hour", "min", 10),
    _whole("charger_cny_year", "充电桩年费", "a charger a year", "yuan/year", 9_000),
    _number("grid_kw_resident", "电网余量", "spare power of an island's grid a resident", "kW", 0.08),
    _whole("charger_drive_min", "充电车程", "drive to a charging site", "min", 10, 1),
    Column(
        "charge_profile", "text", "充电时段分布", "public charging by hour, per cent of the busiest hour, 24 numbers separated by ;", required=False,
        default="12;6;4;4;4;8;18;32;44;48;50;56;62;54;46;46;56;74;94;100;92;70;44;22",
    ),
    _whole("charge_longest_min", "限功率充电时长", "a charge takes at most so long where the grid is short and power is shared", "min", 240, 1),
    _number("shared_trips_bed", "共享出行", "trips in shared vehicles a lodging bed and day", "trip", 0.12),
    _number("shared_trips_resident", "居民共享出行", "trips in shared vehicles a resident and day", "trip", 0.01),
    _whole("shared_turnover", "车辆周转", "trips a shared vehicle makes a day", "trip", 6, 1),
    _number("shared_docks_per_vehicle", "车桩比", "docks a shared vehicle", "", 1.6, 1),
    _whole("shared_points", "共享车站数", "stations of shared vehicles of an island at most", "site", 4),
    _whole("shared_cny_year", "共享车年费", "a shared vehicle a year, its docks included", "yuan/year", 1_500),
    _whole("transfer_cny_year", "换乘点年费", "a transfer point a year: shelter, signs, cleaning", "yuan/year", 25_000),
    Column(
        "site_seasons", "text", "季节", "seasons for service points: name:days:share of residents present:share of beds taken, separated by ;", required=False,
        default="winter:120:1:0.25;spring-autumn:153:1:0.55;summer:92:1:1",
    ),
    _number("upgrade_budget_cny", "道路改造预算", "budget of road upgrades of an island", "yuan", 8_000_000.0),
    Column("stage_years", "text", "分期", "years of the staged plans, separated by ;", required=False, default="1;3;5"),
)
